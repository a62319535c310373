import { type PageRoute, stepOf, type Visit } from '../../oauth/index.ts'
import { ownCall } from '../call.ts'
import { type Password, passwords, type User } from '../records.ts'
import { blockOf, userById } from '../rules/applications/entry.ts'
import { passwordDeed } from '../rules/pools/writeback.ts'
import { CHANGE_ONE_TIME } from '../rules/running/audit.ts'
import { start } from '../rules/running/running.ts'
import { weakness } from '../rules/users/password-policy.ts'
import { fromSpec, verify } from '../rules/users/passwords.ts'
import { address } from './address.ts'
import { backToStart, type Step, sayOf } from './login.ts'
import { onward, passing } from './onward.ts'

/** A temporary or expired password is changed before anything else (yandex-idp 11, 14). */
export const changePassword: PageRoute = {
  name: 'ChangePasswordPage',
  show(visit) {
    if (stepAt(visit) === undefined) return backToStart(visit)
    const say = sayOf(visit)
    return {
      page: {
        id: 'change-password',
        title: say('changePassword'),
        lead: say('changeLead'),
        forms: [
          {
            id: 'change-password',
            fields: [
              { name: 'password', label: say('newPassword'), type: 'password', autocomplete: 'new-password' },
              { name: 'confirm_password', label: say('repeatPassword'), type: 'password', autocomplete: 'new-password' },
            ],
            submit: say('changePassword'),
          },
        ],
      },
    }
  },
  submit(visit) {
    const step = stepAt(visit)
    if (step === undefined) return backToStart(visit)
    const { user } = step
    const call = ownCall(visit.call, user.id)
    const { password = '', confirm_password: again } = visit.web.form
    if (password !== again) call.fail('INVALID_ARGUMENT', sayOf(visit)('passwordsDiffer'))
    const pool = call.pool(user.userpoolId)
    const weak = weakness(pool, password)
    if (weak !== undefined) call.fail('INVALID_ARGUMENT', weak)
    if (pool.passwordQualityPolicy?.allowSimilar !== true && verify(call, user, password)) {
      call.fail('INVALID_ARGUMENT', 'Password must differ from the last one')
    }
    const made = fromSpec(call, { password }, 'PERMANENT')
    if (step.password.type === 'TEMPORARY') call.note({ event: CHANGE_ONE_TIME })
    // The same operation as the API's, and as long in running: a directory may have to take the password first.
    const typed = (type: string, value: object) => ({ '@type': `type.googleapis.com/${type}`, ...value })
    const operation = start(call, 'idp.UserService.SetOwnPassword', {
      description: 'Set own password',
      ...passwordDeed(call, user, made, { password }),
      metadata: typed('yandex.cloud.organizationmanager.v1.idp.SetOwnPasswordMetadata', { userId: user.id }),
      response: typed('google.protobuf.Empty', {}),
    })
    if (operation.error !== undefined) call.fail('FAILED_PRECONDITION', operation.error.message ?? 'The password was not changed')
    if (operation.done !== true) return { to: address(visit, '/auth/login', { done: 'pending' }) }
    return onward(visit, user, [passing(visit, 'password')])
  },
}

function stepAt(visit: Visit): { user: User; password: Password } | undefined {
  const step = stepOf<Step>(visit)
  const user = step === undefined ? undefined : userById(visit.call, step.user)
  const password = user === undefined ? undefined : passwords.get(visit.call, user.userpoolId, user.id)
  if (step === undefined || user === undefined || password === undefined || password.id !== step.password) return undefined
  return blockOf(visit.call, user) === undefined ? { user, password } : undefined
}
