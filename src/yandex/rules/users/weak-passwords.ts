/** Passwords that everybody tries first, in lower case, with the usual longer forms that would pass a policy. */
export const COMMON: ReadonlySet<string> = new Set(
  `123456 1234567 12345678 123456789 1234567890 111111 000000 123123 654321 666666 121212 112233 123321 987654321 qwerty qwerty1
  qwerty12 qwerty123 qwertyuiop 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qazwsx zaq12wsx zxcvbn zxcvbnm asdfgh asdfghjkl password password1
  password12 password123 password123! password1! passw0rd p@ssw0rd p@ssword p@ssw0rd1 p@ssw0rd123 p@$$w0rd pa$$w0rd admin admin1 admin123
  admin123! administrator root toor letmein letmein1 welcome welcome1 welcome1! welcome123 welcome123! iloveyou monkey dragon sunshine
  princess football baseball superman batman master shadow michael jordan hunter trustno1 abc123 abcd1234 abcd1234! test test123 test1234
  test123! guest default changeme changeme1 changeme1! changeme123 changeme123! secret secret123 login starwars whatever freedom
  summer2024! summer2025! summer2026! winter2024! winter2025! winter2026! spring2025! spring2026! autumn2025! qwerty123! qwerty12345
  1q2w3e4r! 1q2w3e4r5t! zaq1@wsx zaq12wsx! 1qaz@wsx 1qaz!qaz !qaz2wsx q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 aa123456 a123456789 abc123456
  password2024! password2025! password2026! p@ssw0rd1! p@ssw0rd123! passw0rd! passw0rd1! passw0rd123!`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  '!@#$%^&*()',
]

/** Runs of the alphabet, the digits and the keyboard, both ways. */
export const SEQUENCES: readonly string[] = RUNS.flatMap((run) => [run, [...run].reverse().join('')])
