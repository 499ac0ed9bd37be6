"""Answers, letters and registers as files: values in, bytes out.

``making`` has the functions, ``values`` what they take, ``checking`` the test of the office's
templates. The libraries behind (typst, docxtpl, xlsxwriter, Pillow) load at first use.
"""
