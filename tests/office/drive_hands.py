"""The hands of an official inside LibreOffice: one opened form, one step after the other.

Part of ``drive_office.py``. What a menu or a key does is done by the same command here
(``.uno:Cut``, ``.uno:Paste`` and so on, sent to the form's own window), so that LibreOffice itself decides
what a protected sheet allows. A value is set through the cell range interface, which respects protection too.

A step is {"do": …}: a command (``Copy Cut Paste ClearContents FillDown DeleteRows InsertRows Undo``, or
``EnterString`` with a ``text``) at ``at``, a range of the sheet ``on`` (else of the table); ``copy_from`` a
range of another ``file``; ``set``: a list into the column ``at``, refused whole if a cell is locked; ``write``:
``cells`` {cell: text} as they are; ``look_at``; ``rules`` of
``cells``; ``save`` as ``file``.
"""

from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

XLSX = "Calc MS Excel 2007 XML"
STEPS = ("look_at", "rules", "copy_from", "set", "write", "save")
INPUT_OPTIONS = "/org.openoffice.Office.Calc/Input"


def values(**named):
    return tuple(PropertyValue(name, 0, value, 0) for name, value in named.items())


def do_not_ask_before_overwriting(context):
    """As with *Do not show again* ticked: without a screen LibreOffice takes the question for a no."""
    name = "com.sun.star.configuration.Configuration"
    provider = context.ServiceManager.createInstanceWithContext(f"{name}Provider", context)
    where = values(nodepath=INPUT_OPTIONS)
    options = provider.createInstanceWithArguments(f"{name}UpdateAccess", where)
    options.ReplaceCellsWarning = False
    options.commitChanges()


class Hands:
    """What is done to one opened document."""

    def __init__(self, context, job, open_workbook, look):
        self.job, self._open, self._look = job, open_workbook, look
        service = "com.sun.star.frame.DispatchHelper"
        self._helper = context.ServiceManager.createInstanceWithContext(service, context)
        self.document = open_workbook(job["file"])

    def work(self):
        """The answers of all steps in their order; of most there is nothing to tell."""
        try:
            return [self._step(dict(step)) for step in self.job["steps"]]
        finally:
            self.document.close(True)

    def _step(self, step):
        own = {name: getattr(self, f"_{name}") for name in STEPS}
        if step["do"] in own:
            return own[step["do"]](step)
        return self._command(self.document, step)

    def _command(self, document, step):
        sheet = document.Sheets.getByName(step.get("on", self.job["sheet"]))
        controller = document.CurrentController
        controller.setActiveSheet(sheet)
        if "at" in step:
            controller.select(sheet.getCellRangeByName(step["at"]))
        facts = values(StringName=step["text"]) if "text" in step else ()
        self._helper.executeDispatch(controller.Frame, f".uno:{step['do']}", "", 0, facts)

    def _copy_from(self, step):
        """Copy out of another workbook, which is closed again."""
        other = self._open(step["file"])
        try:
            self._command(other, {"do": "Copy", "at": step["at"], "on": step["on"]})
        finally:
            other.close(True)

    def _set(self, step):
        """Whether LibreOffice let the values in."""
        sheet = self.document.Sheets.getByName(self.job["sheet"])
        try:
            column = tuple(("" if one is None else one,) for one in step["values"])
            sheet.getCellRangeByName(step["at"]).setDataArray(column)
        except uno.getClass("com.sun.star.uno.RuntimeException"):
            return False
        return True

    def _write(self, step):
        sheet = self.document.Sheets.getByName(self.job["sheet"])
        for address, text in step["cells"].items():
            sheet.getCellRangeByName(address).setString(text)

    def _look_at(self, step):
        """Values and errors after a hard recalculation, formulas if asked for; the locked of ``cells``."""
        self.document.calculateAll()
        sheet = self.document.Sheets.getByName(self.job["sheet"])
        formulas = [self._formulas(*place) for place in self.job["read"]] if step.get("formulas") else []
        cells = self.job.get("cells", [])
        return self._look(self.document, self.job) | {
            "formulas": formulas,
            "locked": [one for one in cells if sheet.getCellRangeByName(one).CellProtection.IsLocked],
            "protected": [one.Name for one in self.document.Sheets if one.isProtected()],
        }

    def _formulas(self, sheet, area):
        return self.document.Sheets.getByName(sheet).getCellRangeByName(area).getFormulaArray()

    def _rules(self, step):
        """The validation of every one of ``cells``."""
        sheet = self.document.Sheets.getByName(self.job["sheet"])
        return {cell: self._validation(sheet.getCellRangeByName(cell).Validation) for cell in step["cells"]}

    def _validation(self, rule):
        texts = (rule.InputTitle, rule.InputMessage, rule.ErrorTitle, rule.ErrorMessage)
        return [rule.Type.value, rule.getFormula1(), rule.getFormula2(), rule.ShowErrorMessage, *texts]

    def _save(self, step):
        self.document.storeToURL(Path(step["file"]).as_uri(), values(FilterName=XLSX))
