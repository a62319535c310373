import { LOWER } from '../../core/random.ts'
import { operation } from '../operation.ts'
import { proofOf } from '../rules/users/passwords.ts'

/** Four groups of four letters, as the documentation shows one; the proof exempts it from the pool's policy (yandex-idp 11). */
export default operation('idp.UserService.GeneratePassword', (_input, call) => {
  const password = Array.from({ length: 4 }, () => call.random.text(4, LOWER)).join('-')

  return { passwordSpec: { password, generationProof: proofOf(call, password) } }
})
