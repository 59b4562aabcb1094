"""``make bench``: what parxl costs, side by side with what a colleague would write and with what is possible.

What is measured, and what the figures mean, stands in docs/performance.md. Of parxl it uses the commands
``forms`` and ``score``, and functions that others use too: ``open_campaign``, ``FileReader``, ``score_intake``,
``write_form``, ``write_result``, ``write_league``, ``to_json``, and what a control workbook and a register are
made of. Needs a system with /proc (Linux).
"""
