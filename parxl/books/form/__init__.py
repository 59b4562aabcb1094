"""The form that an agency fills, and the ways back to it: to mend, to merge."""
