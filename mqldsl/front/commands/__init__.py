"""The commands of `mql`, one a module."""

from mqldsl.front.commands.check import check
from mqldsl.front.commands.decide import decide
from mqldsl.front.commands.explain import explain
from mqldsl.front.commands.explain_code import explain_code
from mqldsl.front.commands.fmt import fmt
from mqldsl.front.commands.init import init
from mqldsl.front.commands.test import test

COMMANDS = (init, check, fmt, test, decide, explain, explain_code)
