"""The hand inside LibreOffice: runs under the system's python3, which has ``uno``.

``drive_office.py PIPE REQUEST ANSWER`` opens one workbook in the soffice that listens on PIPE, does what
the JSON file REQUEST asks, and writes what it saw to ANSWER. It knows nothing of parxl.

Request: ``file``; ``read``: [[sheet, range], …]; ``fills``: a list of {address: typed} to type into
``sheet`` one after the other; ``rows``: how many rows to measure; ``pdf``: where to print the workbook.
Or ``jobs``: a list of {``file``, ``sheet``, ``read``, ``cells``, ``steps``}, each worked on in a document
of its own; see ``drive_hands.py``.
A typed value is a number, a text, true, null (nothing), or {"formula": "=…"}.
"""

import json
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from drive_hands import Hands, do_not_ask_before_overwriting

ERROR = 4  # com.sun.star.sheet.FormulaResult
PATIENCE = 60


def main(pipe, request_path, answer_path):
    request = json.loads(Path(request_path).read_text(encoding="utf-8"))
    context = connect(pipe)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    if request.get("quit"):
        desktop.terminate()
        return
    answer = hands(context, desktop, request) if "jobs" in request else visit(desktop, request)
    Path(answer_path).write_text(json.dumps(answer), encoding="utf-8")


def connect(pipe):
    """The context of the soffice that listens on the pipe; it may still be starting."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def open_workbook(desktop, path):
    options = (PropertyValue("Hidden", 0, True, 0),)
    return desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, options)


def visit(desktop, request):
    document = open_workbook(desktop, request["file"])
    try:
        return work(document, request)
    finally:
        document.close(True)


def hands(context, desktop, request):
    """The answers of every job, each in a document opened for it alone.

    LibreOffice without a screen breaks down on the second refusal in one window: it holds the first message.
    """
    do_not_ask_before_overwriting(context)
    return [
        Hands(context, job, lambda path: open_workbook(desktop, path), look).work() for job in request["jobs"]
    ]


def look(document, request):
    return {"values": read(document, request), "errors": errors(document)}


def work(document, request):
    """Everything asked for, in an order in which nothing disturbs what comes after it."""
    answer = {"names": names(document), "loaded": read(document, request)}
    if "rows" in request:
        answer["drawn"] = heights(document, request)
    if "pdf" in request:
        print_pdf(document, request["pdf"])
    document.calculateAll()
    answer["recalculated"] = read(document, request)
    answer["errors"] = errors(document)
    answer["fills"] = [fill(document, request, cells) for cells in request.get("fills", [])]
    if "rows" in request:
        set_optimal_heights(document, request)
        answer["needed"] = heights(document, request)
    return answer


def names(document):
    """Defined name -> what it refers to."""
    ranges = document.NamedRanges
    return {name: ranges.getByName(name).Content for name in ranges.ElementNames}


def read(document, request):
    """The values of every range asked for, row by row."""
    sheets = document.Sheets
    return [sheets.getByName(s).getCellRangeByName(r).getDataArray() for s, r in request["read"]]


def fill(document, request, cells):
    """Type into the protected sheet, recalculate hard, and read."""
    sheet = document.Sheets.getByName(request["sheet"])
    for address, typed in cells.items():
        type_in(sheet.getCellRangeByName(address), typed)
    document.calculateAll()
    return look(document, request)


def type_in(target, typed):
    """A list goes into a range of one column; an empty text leaves a cell empty."""
    plain = ["" if one is None or isinstance(one, (bool, dict)) else one for one in typed]
    target.setDataArray(tuple((one,) for one in plain))
    for row, one in enumerate(typed):
        if isinstance(one, (bool, dict)):
            formula = one["formula"] if isinstance(one, dict) else str(one).upper()
            target.getCellByPosition(0, row).setFormula(formula)


def errors(document):
    """Every formula cell that shows an error, as ``sheet.range;sheet.range``."""
    found = []
    for sheet in document.Sheets:
        bad = sheet.queryFormulaCells(ERROR).RangeAddressesAsString
        found += [bad] if bad else []
    return found


def heights(document, request):
    """The height of each row in points."""
    rows = document.Sheets.getByName(request["sheet"]).Rows
    return [rows.getByIndex(number).Height / 2540 * 72 for number in range(request["rows"])]


def set_optimal_heights(document, request):
    """Let each row have what it wants for itself; only a sheet without protection allows that."""
    sheet = document.Sheets.getByName(request["sheet"])
    sheet.unprotect("")
    for number in range(request["rows"]):
        sheet.Rows.getByIndex(number).OptimalHeight = True


def print_pdf(document, path):
    options = (PropertyValue("FilterName", 0, "calc_pdf_Export", 0),)
    document.storeToURL(Path(path).as_uri(), options)


if __name__ == "__main__":
    main(*sys.argv[1:])
