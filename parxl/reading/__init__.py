"""Filled workbooks -> inputs, evidence, findings. Nothing in a file is trusted but what was typed."""
