// ListUsers with 100 and with 100,000 users, and what others feel of an import of that size.

const LARGE = Number(process.env.BENCH_USERS ?? 100_000)
const SMALL = 100
const ROUNDS = 200

/** `cognito` calls an operation of the emulator that runs; prints one line for each figure. */
export async function directory(cognito) {
  console.log(`\nA pool of ${LARGE} users beside one of ${SMALL} (bar: page and filter within 2x)`)
  const small = await fill(cognito, SMALL)
  const large = await fill(cognito, LARGE)
  console.log(`  import of ${LARGE} lines: ${(large.ms / 1000).toFixed(1)} s, progress seen ${large.seen} times`)
  console.log(`  AdminGetUser meanwhile: p50 ${large.p50.toFixed(1)} ms, p99 ${large.p99.toFixed(1)} ms`)

  const questions = {
    'a page': () => ({}),
    'email =': (n) => ({ Filter: `email = "user${n % SMALL}@example.com"` }),
    'email ^=, 10': (n) => ({ Filter: `email ^= "user${n % 10}"`, Limit: 10 }),
    'status =, 10': () => ({ Filter: 'cognito:user_status = "RESET_REQUIRED"', Limit: 10 }),
  }
  for (const [name, question] of Object.entries(questions)) {
    const times = {}
    for (const { pool, of } of [small, large, small, large]) {
      const taken = await median(ROUNDS, (n) => cognito('ListUsers', { UserPoolId: pool, ...question(n) }))
      times[of] = Math.min(times[of] ?? Number.POSITIVE_INFINITY, taken)
    }
    const [few, many] = [times[SMALL], times[LARGE]]
    console.log(`  ListUsers ${name.padEnd(14)} ${few.toFixed(2)} ms, ${many.toFixed(2)} ms: ${(many / few).toFixed(2)}x`)
  }
}

async function fill(cognito, count) {
  const { UserPool } = await cognito('CreateUserPool', { PoolName: `of ${count}`, AutoVerifiedAttributes: ['email'] })
  const UserPoolId = UserPool.Id
  const { CSVHeader } = await cognito('GetCSVHeader', { UserPoolId })
  const row = (n) => ({
    'cognito:username': `user${n}`,
    'cognito:mfa_enabled': 'FALSE',
    email: `user${n}@example.com`,
    email_verified: 'TRUE',
    given_name: `Given ${n % 100}`,
    family_name: `Family ${n % 1000}`,
  })
  const lines = Array.from({ length: count }, (_, n) => {
    const values = row(n)
    return CSVHeader.map((name) => values[name] ?? '').join(',')
  })
  const CloudWatchLogsRoleArn = 'arn:aws:iam::000000000000:role/bench'
  const { UserImportJob: job } = await cognito('CreateUserImportJob', { UserPoolId, JobName: 'bench', CloudWatchLogsRoleArn })
  const body = [CSVHeader.join(','), ...lines].join('\n')
  const put = await fetch(job.PreSignedUrl, { method: 'PUT', body, headers: { 'x-amz-server-side-encryption': 'aws:kms' } })
  if (!put.ok) throw new Error(await put.text())

  await cognito('AdminCreateUser', { UserPoolId, Username: 'reader', MessageAction: 'SUPPRESS' })
  const begun = performance.now()
  await cognito('StartUserImportJob', { UserPoolId, JobId: job.JobId })
  const seen = new Set()
  const latencies = []
  for (;;) {
    const before = performance.now()
    await cognito('AdminGetUser', { UserPoolId, Username: 'reader' })
    latencies.push(performance.now() - before)
    const { UserImportJob: now } = await cognito('DescribeUserImportJob', { UserPoolId, JobId: job.JobId })
    seen.add(now.ImportedUsers)
    if (now.Status === 'Succeeded') break
    if (now.Status !== 'Pending' && now.Status !== 'InProgress') throw new Error(`${now.Status}: ${now.CompletionMessage}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  latencies.sort((a, b) => a - b)
  const at = (share) => latencies[Math.floor((latencies.length - 1) * share)]
  return { pool: UserPoolId, of: count, ms: performance.now() - begun, seen: seen.size, p50: at(0.5), p99: at(0.99) }
}

async function median(rounds, act) {
  const times = []
  for (let n = 0; n < rounds; n++) {
    const before = performance.now()
    await act(n)
    times.push(performance.now() - before)
  }
  times.sort((a, b) => a - b)
  return times[Math.floor(rounds / 2)]
}
