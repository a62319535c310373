// SRP sign-ins, both steps, by a client that computes as little as it can: its own numbers are drawn once.
import { createDiffieHellman, createHash, createHmac } from 'node:crypto'

/** `cognito` calls an operation of the emulator that runs. Answers sign-ins a second at so many at a time. */
export async function srpSignIns(cognito, { pool, client, username, password }, { connections, seconds }) {
  const srp = makeClient(pool.split('_')[1], username, password)
  const end = performance.now() + seconds * 1000
  const times = []
  const loop = async () => {
    while (performance.now() < end) {
      const start = performance.now()
      const { ChallengeParameters } = await cognito('InitiateAuth', {
        AuthFlow: 'USER_SRP_AUTH',
        ClientId: client,
        AuthParameters: { USERNAME: username, SRP_A: srp.A },
      })
      const { AuthenticationResult } = await cognito('RespondToAuthChallenge', {
        ClientId: client,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: { USERNAME: username, ...srp.prove(ChallengeParameters) },
      })
      if (AuthenticationResult?.AccessToken === undefined) throw new Error('an SRP sign-in without tokens')
      times.push(performance.now() - start)
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: connections }, loop))
  times.sort((a, b) => a - b)
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { rate: (times.length * 1000) / (performance.now() - started), p50: at(0.5), p99: at(0.99) }
}

function makeClient(poolName, username, password) {
  const N = BigInt(`0x${PRIME}`)
  const group = createDiffieHellman(Buffer.from(PRIME, 'hex'), Buffer.of(2))
  const power = (base, exponent) => {
    group.setPrivateKey(Buffer.from(even(exponent.toString(16)), 'hex'))
    return BigInt(`0x${group.computeSecret(Buffer.from(even(base.toString(16)), 'hex')).toString('hex')}`)
  }
  const even = (hex) => (hex.length % 2 === 1 ? `0${hex}` : hex)
  const pad = (value) => {
    const hex = even(value.toString(16))
    return /^[89a-f]/.test(hex) ? `00${hex}` : hex
  }
  const hash = (hex) => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')
  const number = (hex) => BigInt(`0x${hex}`)
  const a = number(hash('0badcafe'))
  const A = power(2n, a)
  const k = number(hash(pad(N) + pad(2n)))
  const inner = createHash('sha256').update(`${poolName}${username}:${password}`).digest('hex')
  let known
  const keyOf = (salt) => {
    if (known?.salt !== salt) {
      const x = number(hash(pad(number(salt)) + inner))
      known = { salt, x, masked: (k * power(2n, x)) % N }
    }
    return known
  }
  return {
    A: A.toString(16),
    prove({ SALT, SRP_B, SECRET_BLOCK }) {
      const { x, masked } = keyOf(SALT)
      const B = number(SRP_B)
      const u = number(hash(pad(A) + pad(B)))
      const secret = power((B - masked + N) % N, a + u * x)
      const prk = createHmac('sha256', Buffer.from(pad(u), 'hex'))
        .update(Buffer.from(pad(secret), 'hex'))
        .digest()
      const key = createHmac('sha256', prk).update('Caldera Derived Key\u0001').digest().subarray(0, 16)
      const [weekday, day, month, year, time] = new Date().toUTCString().replace(',', '').split(' ')
      const TIMESTAMP = `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`
      const signature = createHmac('sha256', key)
        .update(poolName + username)
        .update(Buffer.from(SECRET_BLOCK, 'base64'))
        .update(TIMESTAMP)
        .digest('base64')
      return { PASSWORD_CLAIM_SIGNATURE: signature, PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK, TIMESTAMP }
    },
  }
}

/** The 3072-bit group of RFC 3526. */
const PRIME = [
  'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437',
  '4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05',
  '98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b',
  'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33',
  'a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864',
  'd87602733ec86a64521f2b18177b200cbbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff',
].join('')
