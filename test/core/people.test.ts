import { test } from 'tap'
import { Call, contextOf } from '../../src/core/call.ts'
import { people } from '../../src/directory/people.ts'
import { emulator } from '../support/emulator.ts'

interface Person {
  name: string
  age: number
}

const KINDS = ['login']
const filing = ({ name }: Person) => ({ names: [{ kind: 'login', name }], attributes: { name } })

test('whoever was asked for lately is remembered no longer than it is true', async (t) => {
  const idp = await emulator(t)
  const namespace = idp.app.emulator.namespace()
  const { store } = namespace
  const call = new Call(contextOf(namespace, { transport: 'internal', requestId: '', base: '', headers: {} }, 0))
  const persons = people<Person>()
  const age = () => persons.find(call, 'p', 'ada', KINDS)?.age
  const put = (person: Person) => persons.save(call, 'p', '1', person, filing(person))

  persons.add(call, 'p', '1', { name: 'ada', age: 1 }, filing({ name: 'ada', age: 1 }))
  t.equal(age(), 1)
  t.equal(age(), 1)
  t.ok(Object.isFrozen(persons.get(call, 'p', '1')))

  put({ name: 'ada', age: 2 })
  t.equal(age(), 2, 'after a change')
  persons.write(call, 'p', '1', { name: 'ada', age: 3 })
  t.equal(age(), 3, 'after a change of the document alone')
  t.equal(persons.get(call, 'p', '1')?.age, 3)

  t.throws(() =>
    store.atomically(() => {
      put({ name: 'ada', age: 4 })
      t.equal(age(), 4, 'inside a call')
      throw new Error('no')
    }),
  )
  t.equal(age(), 3, 'after a call was undone')

  store.atomically(() => {
    t.throws(() =>
      call.nested(() => {
        put({ name: 'ada', age: 5 })
        t.equal(age(), 5)
        throw new Error('no')
      }),
    )
    t.equal(age(), 3, 'after a part of a call was undone')
  })

  const image = store.snapshot()
  put({ name: 'eva', age: 6 })
  t.equal(age(), undefined, 'under a name that is given up')
  namespace.restore(image)
  t.equal(age(), 3, 'after a restore')

  persons.remove(call, 'p', '1')
  t.equal(age(), undefined, 'after the removal')
})
