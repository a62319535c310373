import { test } from 'tap'
import { serve } from '../support/server.ts'

test('a request signed with what looks like a real key is warned of once, and the key is not shown', async (t) => {
  const { url, printed, kill } = await serve(t, ['--memory', '--empty'])
  const key = 'AKIAZ7QXAMPLEKEY0001'
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools',
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261122/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0`,
  }
  for (const MaxResults of [1, 2]) await fetch(url, { method: 'POST', headers, body: JSON.stringify({ MaxResults }) })
  const journal = await (await fetch(`${url}/_/journal`)).text()
  await kill()
  t.equal(printed().split('looks like a real AWS access key').length, 2)
  t.notMatch(printed() + journal, key)
})
