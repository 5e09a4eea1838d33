"""The list of a realm's agencies says what the Admin API says of each organization."""

from tests.integration.stage import Stage


def test_agencies_are_listed_as_the_admin_api_shows_them(stage: Stage) -> None:
    made_by_hand = {
        "name": "À la main",
        "alias": "a-la-main",
        "enabled": False,
        "description": "d",
        "domains": [{"name": f"{stage.realm.name}.example", "verified": True}, {"name": "other.example"}],
        "attributes": {"several": ["one", "two"]},
    }
    stage.admin.do("POST", "organizations", made_by_hand)
    listed = {one["id"]: one for one in stage.admin.read("moncompte/v1/agencies")}
    shown = stage.admin.read("organizations", briefRepresentation="false", max="-1")
    assert len(shown) == 4
    assert listed.keys() == {one["id"] for one in shown}
    for one in shown:
        ours = listed[one["id"]]
        for each in (ours, one):
            each["domains"] = sorted(map(str, each.get("domains") or []))
            each["attributes"] = {name: sorted(values) for name, values in each["attributes"].items()}
        assert {name: value for name, value in ours.items() if value} == {
            name: value for name, value in one.items() if value
        }
