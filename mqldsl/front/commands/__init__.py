"""The commands of `mql`, one a module."""

from mqldsl.front.commands import check, decide, explain, explain_code, fmt, init, test

COMMANDS = (
    init.init,
    check.check,
    fmt.fmt,
    test.test,
    decide.decide,
    explain.explain,
    explain_code.explain_code,
)
