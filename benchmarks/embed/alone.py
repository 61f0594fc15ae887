"""What is measured in a process of its own: `python -m benchmarks.embed.alone memory 10000` prints JSON."""

import json
import sys
from pathlib import Path
from time import process_time
from typing import Any

# Nothing more is imported here: the import of mqldsl is one of the things that are measured.
from benchmarks.memory import peak

TWENTY = """\
definition "Definition {n}" version 1

lead:
  title:     text
  employees: number
  budget:    money
  industry:  one of (software, healthcare, manufacturing)

event visit: page text, seconds number
event demo_request

list buyers_{n}: "Head of *", "VP *", "Buyer {n}"

clause size_low: employees >= {a}
clause size_high: employees <= {b}
clause decides: title in buyers_{n}
clause can_pay: budget >= {c}
clause can_pay_much: budget >= {d}
clause software: industry is software
clause our_industry: industry in ("software", "healthcare")
clause came: visit within {e}d
clause comes_back: visits >= {f} within 30d
clause reads_prices: visits(page starts with "/pricing" and seconds > {a}) >= 2 within 14d
clause asked: demo_request within {e}d
clause fits: at least 3 of (size_low, size_high, decides, can_pay, our_industry)
clause engaged: any of (comes_back, reads_prices, asked)
clause wanted: fits and engaged
clause keen: engaged and not fits
clause rich: can_pay_much and size_low
clause small: not size_low and not can_pay
clause quiet: not came and no demo_request within 90d
clause ready: wanted and can_pay and decides
clause lost: quiet and small

decide handling:
  sales   when ready
  call    when keen
  nurture when fits
  otherwise remove
"""


def definition(number: int) -> str:
    """Return the text of a definition of twenty clauses that is like no other."""
    return TWENTY.format(
        n=number,
        a=10 + number % 97,
        b=1_000 + number,
        c=1_000 * (1 + number % 89),
        d=100_000 + number,
        e=7 + number % 83,
        f=2 + number % 13,
    )


def memory(number: int) -> dict[str, Any]:
    """Return the most memory that so many different definitions took: loaded, and each asked once."""
    import mqldsl

    mqldsl.loads(definition(number)).decide({}, [])  # all modules are there now, and the parser is made
    before = peak()
    start = process_time()
    definitions = [mqldsl.loads(definition(each)) for each in range(number)]
    seconds = process_time() - start
    loaded = peak()
    for each in definitions:
        each.decide({"title": "VP Sales", "employees": 50}, [])
    return {
        "number": number,
        "empty": before,
        "loaded": loaded,
        "used": peak(),
        "load": seconds / number,
    }


def thousand() -> dict[str, Any]:
    """Return how long a thousand clauses take to load, to decide the first lead, and to load again."""
    import tempfile

    import mqldsl
    from benchmarks.embed.workloads import WORKLOADS

    mqldsl.loads(definition(0)).decide({}, [])  # all modules are there now, and the parser is made
    workload = WORKLOADS["W4"]()
    case = workload.cases[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thousand.mql"
        path.write_text(workload.definition, encoding="utf-8")
        start = process_time()
        loaded = mqldsl.load(path)
        load = process_time() - start
        loaded.decide(case.lead, case.events)
        first = process_time() - start - load
        start = process_time()
        mqldsl.load(path).decide(case.lead, case.events)
        again = process_time() - start
    return {"load": load, "first": first, "again": again}


def imported(everything: str = "") -> dict[str, Any]:
    """Return how long `import mqldsl` takes, or with `all` also the first use of each public name."""
    start = process_time()
    import mqldsl

    if everything:
        for name in mqldsl.__all__:
            getattr(mqldsl, name)
    seconds = process_time() - start
    tops = {name.partition(".")[0] for name in sys.modules}
    return {
        "seconds": seconds,
        "modules": sorted(tops - {*sys.stdlib_module_names, "benchmarks", "__main__"}),
    }


def main(task: str, *arguments: str) -> None:
    """Do a task, and print what was found."""
    if task == "memory":
        found = memory(int(arguments[0]))
    elif task == "thousand":
        found = thousand()
    else:
        found = imported(*arguments)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
