"""The commands of `mql`, one a module."""

from mqldsl.front.commands import (
    bind,
    check,
    decide,
    explain,
    explain_code,
    fmt,
    init,
    profile_data,
    sql,
    test,
)

COMMANDS = (
    init.init,
    bind.bind,
    check.check,
    fmt.fmt,
    profile_data.profile_data,
    test.test,
    decide.decide,
    sql.sql,
    explain.explain,
    explain_code.explain_code,
)
