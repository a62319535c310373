import { CognitoIdentityProviderClient, ListUserPoolsCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider'
import { test } from 'tap'
import { emulator } from '../support/emulator.ts'

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

test('signatures, where they are asked for', async (t) => {
  const rooms = { cognito: { signatures: 'strict', accessKeys: { AKIDEXAMPLE: 'secret/key+1' } } }
  const idp = await emulator(t, { settings: { rooms } })
  const { port } = await idp.app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${port}`
  const client = (accessKeyId: string, secretAccessKey: string, endpoint = url, systemClockOffset = 0) =>
    new CognitoIdentityProviderClient({
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey },
      systemClockOffset,
      maxAttempts: 1,
    })
  const list = new ListUserPoolsCommand({ MaxResults: 10 })

  await t.test('takes what the AWS SDK signs', async (t) => {
    t.same((await client('AKIDEXAMPLE', 'secret/key+1').send(list)).UserPools, [])
    t.same((await client('AKIDEXAMPLE', 'secret/key+1', `${url}/~elsewhere`).send(list)).UserPools, [], 'under a namespace too')
  })

  await t.test('takes the keys that `poolhouse env` hands out, whichever else there are', async (t) => {
    t.same((await client('POOLHOUSE', 'poolhouse').send(list)).UserPools, [])
    t.same((await client('NS00000000000000mine', 'poolhouse').send(list)).UserPools, [], 'of a namespace')
    await t.rejects(client('POOLHOUSE', 'other').send(list), { name: 'InvalidSignatureException' })
  })

  await t.test('refuses another secret, another key, an old signature', async (t) => {
    await t.rejects(client('AKIDEXAMPLE', 'other').send(list), { name: 'InvalidSignatureException', message: MISMATCH })
    await t.rejects(client('AKIDOTHER', 'secret/key+1').send(list), {
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    })
    for (const offset of [-3_600_000, 3_600_000]) {
      await t.rejects(client('AKIDEXAMPLE', 'secret/key+1', url, offset).send(list), {
        name: 'InvalidSignatureException',
        message: /^Signature expired: \d{8}T\d{6}Z is not within 5 minutes of \d{8}T\d{6}Z$/,
      })
    }
    t.same((await client('AKIDEXAMPLE', 'secret/key+1', url, -200_000).send(list)).UserPools, [], 'clocks may differ a little')
  })

  const post = (body: string, headers: Record<string, string> = {}, name = 'ListUserPools') =>
    idp.request('POST', '/', body, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${name}`,
      ...headers,
    })

  await t.test('refuses none, half of one, and a body that was changed behind it', async (t) => {
    t.match(await post('{"MaxResults":1}'), {
      status: 400,
      body: { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
    })
    t.match(await post('{', {}), { body: { __type: 'MissingAuthenticationTokenException' } }, 'before anything is read')
    for (const authorization of ['Bearer x', 'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=00']) {
      const message = 'Authorization header requires Credential, SignedHeaders and Signature, and the request an X-Amz-Date header.'
      t.match(await post('{}', { authorization }), { status: 400, body: { __type: 'IncompleteSignatureException', message } })
    }

    const signing = client('AKIDEXAMPLE', 'secret/key+1')
    let sent: Record<string, string> = {}
    signing.middlewareStack.add(
      (next) => async (args) => {
        const request = args.request as { headers: Record<string, string>; body: string }
        sent = { ...request.headers }
        request.body = '{"MaxResults":60}'
        request.headers['content-length'] = String(request.body.length)
        return await next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    await t.rejects(signing.send(list), { name: 'InvalidSignatureException', message: MISMATCH })
    t.match(sent.authorization, /^AWS4-HMAC-SHA256 /)
  })

  await t.test('asks for none where applications call', async (t) => {
    const signUp = new SignUpCommand({ ClientId: 'abcdefghijklmnopqrstuvwxyz', Username: 'anna', Password: 'Correct-Horse-1' })
    await t.rejects(client('AKIDOTHER', 'x').send(signUp), { name: 'ResourceNotFoundException' })
  })
})
