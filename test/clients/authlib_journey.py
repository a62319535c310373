"""What a web application in Python does: Authlib's OAuth 2 client against the pages and endpoints of a user pool."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt

from steps import journey, refused, same, step

ISSUER = os.environ['ISSUER']
CLIENT, SECRET = os.environ['CLIENT'], os.environ['SECRET']
CALLBACK = 'http://localhost:3000/callback'

made = {}


def fetched(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


def browse(url):
    """What a browser is led to; a picker that is told whom to sign in stands for the person."""
    try:
        urllib.request.build_opener(Stay).open(url + '&poolhouse_user=alice')
    except urllib.error.HTTPError as answer:
        return answer.headers['location']
    raise AssertionError('led nowhere')


def session(**more):
    return OAuth2Session(CLIENT, SECRET, scope='openid email', redirect_uri=CALLBACK, code_challenge_method='S256', **more)


@step
def discovers_where_everything_is():
    made['place'] = fetched(f'{ISSUER}/.well-known/openid-configuration')
    same(made['place']['issuer'], ISSUER)


@step
def signs_in_with_a_code_and_pkce():
    app, verifier, nonce = session(), generate_token(48), generate_token(20)
    url, state = app.create_authorization_url(made['place']['authorization_endpoint'], code_verifier=verifier, nonce=nonce)
    back = browse(url)
    assert back.startswith(CALLBACK), back
    app = session(state=state)
    with refused(OAuthError, 'invalid_grant'):
        session(state=state).fetch_token(made['place']['token_endpoint'], authorization_response=back, code_verifier=generate_token(48))
    back = browse(url)
    made['token'] = app.fetch_token(made['place']['token_endpoint'], authorization_response=back, code_verifier=verifier)
    same(app.get(made['place']['userinfo_endpoint']).json()['email'], 'alice@example.com')
    made['nonce'] = nonce


@step
def believes_the_id_token():
    keys = JsonWebKey.import_key_set(fetched(made['place']['jwks_uri']))
    wanted = {'iss': {'essential': True, 'value': ISSUER}, 'aud': {'value': CLIENT}, 'nonce': {'value': made['nonce']}}
    claims = jwt.decode(made['token']['id_token'], keys, claims_options=wanted)
    claims.validate()
    same(claims['cognito:username'], 'alice')


@step
def refreshes_and_revokes():
    app = session(token=made['token'])
    token = app.refresh_token(made['place']['token_endpoint'], refresh_token=made['token']['refresh_token'])
    assert token['access_token'] != made['token']['access_token']
    answer = app.revoke_token(made['place']['revocation_endpoint'], token=made['token']['refresh_token'])
    same(answer.status_code, 200)
    with refused(OAuthError, 'invalid_grant'):
        app.refresh_token(made['place']['token_endpoint'], refresh_token=made['token']['refresh_token'])


@step
def speaks_for_a_machine():
    app = OAuth2Session(os.environ['MACHINE'], os.environ['MACHINE_SECRET'], scope='api/read')
    token = app.fetch_token(made['place']['token_endpoint'], grant_type='client_credentials')
    same((token['token_type'], token['expires_in']), ('Bearer', 3600))


journey()
