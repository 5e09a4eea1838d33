"""deploy/monitoring/alerts.yml: what Prometheus would refuse, or nobody could use, is found here.

That the metrics exist is seen on a running stack (tests/stack/test_metrics.py).
"""

import re

from tests.alerts import rules, selectors


def test_every_rule_asks_for_a_metric_and_says_what_is_wrong_and_how_bad() -> None:
    found = rules()
    assert len({rule["alert"] for rule in found}) == len(found) > 0
    for rule in found:
        assert selectors(rule["expr"]), rule
        assert rule["labels"]["severity"] in ("critical", "warning"), rule
        assert rule["annotations"]["summary"].endswith((".", "?")), rule
        assert re.fullmatch(r"\d+[sm]", rule.get("for", "0s")), rule
        assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}, rule
