from lianxin.kernel.events import Event


def test_subscribers_are_told_once_each_in_order():
    told = []
    left: Event[str] = Event("left")
    first = left.subscribe(lambda fact: told.append(("first", fact)))
    left.subscribe(lambda fact: told.append(("second", fact)))
    left.subscribe(first)
    left.publish("李娜")
    assert told == [("first", "李娜"), ("second", "李娜")]
