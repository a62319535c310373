"""What a service in Python does with tokens of a user pool: PyJWT with the key set of the issuer."""

import json
import os
import urllib.request

import jwt

from steps import journey, refused, same, step

ISSUER = os.environ['ISSUER']
CLIENT = os.environ['CLIENT']
ID, ACCESS = os.environ['ID_TOKEN'], os.environ['ACCESS_TOKEN']

with urllib.request.urlopen(f'{ISSUER}/.well-known/openid-configuration') as answer:
    keys = jwt.PyJWKClient(json.load(answer)['jwks_uri'])


def verified(token, **more):
    key = keys.get_signing_key_from_jwt(token).key
    return jwt.decode(token, key, algorithms=['RS256'], issuer=ISSUER, options={'require': ['exp', 'iat', 'iss', 'sub']}, **more)


@step
def believes_an_id_token():
    claims = verified(ID, audience=CLIENT)
    same((claims['token_use'], claims['cognito:username'], claims['email']), ('id', 'alice', 'alice@example.com'))


@step
def believes_an_access_token():
    # It names no audience, but its client.
    claims = verified(ACCESS)
    same((claims['token_use'], claims['client_id'], claims['scope']), ('access', CLIENT, 'aws.cognito.signin.user.admin'))


@step
def refuses_another_audience_and_another_issuer():
    with refused(jwt.InvalidAudienceError):
        verified(ID, audience='another')
    with refused(jwt.InvalidIssuerError):
        jwt.decode(ID, keys.get_signing_key_from_jwt(ID).key, algorithms=['RS256'], audience=CLIENT, issuer='https://another.example')


@step
def refuses_what_somebody_changed():
    head, body, signature = ID.split('.')
    with refused(jwt.InvalidSignatureError):
        verified(f'{head}.{ACCESS.split(".")[1]}.{signature}')
    with refused(jwt.PyJWKClientError, 'Unable to find a signing key'):
        verified(jwt.encode({'sub': 'x'}, 'secret', headers={'kid': 'another'}))


journey()
