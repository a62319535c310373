"""Tells the steps of a journey in TAP, the protocol of the test runner that starts it."""

import contextlib
import json
import os
import traceback
import urllib.request

STEPS = []


def step(function):
    """Takes a function as the next step; its name is the sentence."""
    STEPS.append(function)
    return function


def journey():
    """Walks the steps; what fails ends it, for later ones need what earlier ones made."""
    for number, function in enumerate(STEPS, 1):
        name = function.__name__.replace('_', ' ')
        try:
            function()
        except BaseException:
            print(f'not ok {number} - {name}')
            print(''.join(f'# {line}\n' for line in traceback.format_exc().splitlines()), end='')
            print(f'1..{number}')
            raise SystemExit(1) from None
        print(f'ok {number} - {name}', flush=True)
    print(f'1..{len(STEPS)}')


def same(found, wanted):
    assert found == wanted, f'\n  found  {found!r}\n  wanted {wanted!r}'


@contextlib.contextmanager
def refused(error, *texts):
    """Holds that the block is refused by that error, whose text has all of these."""
    try:
        yield
    except error as refusal:
        for text in texts:
            assert text in str(refusal), f'{text!r} is not in {str(refusal)!r}'
    else:
        raise AssertionError(f'not refused: {error.__name__} expected')


def ask(path, method='GET', body=None):
    """A request to the emulator itself."""
    url = os.environ['POOLHOUSE_URL'] + path
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {'content-type': 'application/json'}, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def mailed(to):
    """The code of the latest mail or SMS to an address."""
    return ask(f'/_/outbox/latest?to={to}')['code']
