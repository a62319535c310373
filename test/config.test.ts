import { test } from 'tap'
import { decide, fromDocument, fromEnvironment, fromFlags, refuseSilentExposure, settings, UsageError } from '../src/config.ts'
import { only } from './support/only.ts'

const known = settings({
  cognito: [{ name: 'issuer-form', values: 'local|aws', describe: '', parse: (text) => (/^(local|aws)$/.test(text) ? text : undefined) }],
})

function decided({ flags = {}, env = {}, file = {} }: { flags?: object; env?: Record<string, string>; file?: object }) {
  return decide(known, [
    fromFlags(flags as Record<string, unknown>),
    fromEnvironment(known, env),
    fromDocument(known, file, 'poolhouse.config.yaml'),
  ])
}

test('precedence', async (t) => {
  const { config, sources } = decided({
    flags: { port: '1' },
    env: { POOLHOUSE_PORT: '2', POOLHOUSE_BCRYPT_COST: '5', POOLHOUSE_MEMORY: '1', POOLHOUSE_COGNITO_ISSUER_FORM: 'aws' },
    file: { port: 3, bcryptCost: 6, 'log-level': 'warn', fixtures: ['a.yaml'], publicUrl: 'https://id.example/x/' },
  })
  t.match(config, {
    host: '127.0.0.1',
    port: 1,
    bcryptCost: 5,
    memory: true,
    logLevel: 'warn',
    fixtures: only('a.yaml'),
    publicUrl: 'https://id.example/x',
    seed: undefined,
    rooms: { cognito: { issuerForm: 'aws' } },
  })
  t.match(sources, {
    port: '--port',
    bcryptCost: 'POOLHOUSE_BCRYPT_COST',
    logLevel: 'poolhouse.config.yaml: log-level',
    host: 'default',
    cognitoIssuerForm: 'POOLHOUSE_COGNITO_ISSUER_FORM',
  })
  t.throws(() => {
    ;(config as { port: number }).port = 5
  })
  t.throws(() => {
    ;(config.fixtures as string[]).push('x')
  })
})

test('what container platforms and our own clients set is passed over', async (t) => {
  const env = {
    POOLHOUSE_PORT: 'tcp://10.0.0.1:7665',
    POOLHOUSE_SERVICE_HOST: '10.0.0.1',
    POOLHOUSE_TARGET: 'http://x',
    POOLHOUSE_SEED: '',
  }
  t.equal(decided({ env }).config.port, 7665)
})

test('mistakes', async (t) => {
  const cases: [given: Parameters<typeof decided>[0], sentence: string][] = [
    [{ flags: { port: '70000' } }, '--port must be a whole number from 0 to 65535, not "70000"'],
    [{ flags: { bcryptCost: '3' } }, '--bcrypt-cost must be a whole number from 4 to 31, not "3"'],
    [{ env: { POOLHOUSE_STRICT: 'yes' } }, 'POOLHOUSE_STRICT must be true or false, not "yes"'],
    [{ env: { POOLHOUSE_FIXTURE: 'a' } }, 'POOLHOUSE_FIXTURE is not a setting (did you mean POOLHOUSE_FIXTURES?)'],
    [{ file: { logLevel: 'loud' } }, 'poolhouse.config.yaml: logLevel must be one of silent, error, warn, info, debug, not "loud"'],
    [{ file: { hots: 'x' } }, 'poolhouse.config.yaml: hots is not a setting (did you mean host?)'],
    [{ file: { fixtures: [1] } }, 'poolhouse.config.yaml: fixtures must be a file or a list of files, not [1]'],
    [{ file: [1] }, 'poolhouse.config.yaml must hold settings by name'],
    [{ flags: { publicUrl: 'id.example' } }, '--public-url must be a URL with http or https and without a query, not "id.example"'],
    [{ flags: { cognitoIssuerForm: 'gcp' } }, '--cognito-issuer-form must be one of local, aws, not "gcp"'],
    [{ flags: { memory: true, data: 'x' } }, '--memory and --data exclude each other'],
  ]
  for (const [given, sentence] of cases) t.throws(() => decided(given), new UsageError(sentence), sentence)
  t.equal(decided({ flags: { memory: true }, file: { data: 'x' } }).config.memory, true)
  t.equal(decided({ flags: { data: 'x' }, env: { POOLHOUSE_MEMORY: 'true' } }).config.memory, false)
})

test('only a flag or a variable opens it to the network', async (t) => {
  for (const host of ['127.0.0.1', 'localhost', '::1', '127.1.2.3']) refuseSilentExposure(decided({ file: { host } }))
  refuseSilentExposure(decided({ flags: { host: '0.0.0.0' } }))
  refuseSilentExposure(decided({ env: { POOLHOUSE_HOST: '0.0.0.0' } }))
  t.throws(
    () => refuseSilentExposure(decided({ file: { host: '0.0.0.0' } })),
    new UsageError('poolhouse.config.yaml: host opens the emulator to the network (0.0.0.0); say --host 0.0.0.0 if you mean it'),
  )
})
