import type { Transporter } from 'nodemailer'
import type { Emulator } from './core/emulator.ts'
import type { Sent } from './core/outbox.ts'

export interface RelayOptions {
  /** `smtp://localhost:1025`, with a user and a password if need be, or `smtps://…`. */
  url: string
  /** Addresses that mails may go to, `*@example.com` for a whole domain; all, if there are none. */
  allow: readonly string[]
}

/** What became of a mail that was copied by itself. */
export interface Relayed {
  namespace: string
  message: Sent
  error?: string | undefined
}

/** Says why a message does not leave. */
export class NotRelayed extends Error {
  readonly why: 'channel' | 'recipient' | 'server'

  constructor(why: NotRelayed['why'], message: string) {
    super(message)
    this.name = 'NotRelayed'
    this.why = why
  }
}

/** Gives up on a server that does not answer, in milliseconds. */
const PATIENCE = { connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 10_000 }

/** Nobody reads what is answered to it. */
const SENDER = 'Poolhouse <no-reply@poolhouse.invalid>'

/** Copies mails to an SMTP server of the user's own, as they are sent; what fixtures send is of the past and stays here. */
export class Relay {
  readonly #options: RelayOptions
  readonly #listeners = new Set<(relayed: Relayed) => void>()
  readonly #pending = new Set<Promise<void>>()
  #transport: Promise<Transporter> | undefined

  constructor(emulator: Emulator, options: RelayOptions) {
    this.#options = options
    emulator.listenToOutbox((message, namespace) => {
      if (message.channel !== 'email') return
      const sending = this.send(message, namespace).then(
        () => this.#tell({ namespace, message }),
        (error: Error) => this.#tell({ namespace, message, error: error.message }),
      )
      this.#pending.add(sending)
      sending.finally(() => this.#pending.delete(sending))
    })
  }

  /** Hears of every mail that was copied, or could not be. */
  listen(listener: (relayed: Relayed) => void): void {
    this.#listeners.add(listener)
  }

  /** One message, now; throws `NotRelayed`. */
  async send(message: Sent, namespace: string): Promise<{ to: string; messageId: string }> {
    const { channel, to, subject = message.template, body, template } = message
    if (channel !== 'email') throw new NotRelayed('channel', `this is no mail but ${channel}`)
    if (!this.#allows(to)) throw new NotRelayed('recipient', `${to} is not among the recipients that --smtp-allow names`)
    this.#transport ??= open(this.#options.url)
    const headers = { 'x-poolhouse-namespace': namespace, 'x-poolhouse-template': template }
    const markup = /<[a-z][^<>]*>/i.test(body)
    try {
      const transport = await this.#transport
      const mail = { from: SENDER, to, subject, headers, ...(markup ? { html: body } : { text: body }) }
      const { messageId } = (await transport.sendMail(mail)) as { messageId: string }
      return { to, messageId }
    } catch (error) {
      throw new NotRelayed('server', `the SMTP server does not take it: ${(error as Error).message}`)
    }
  }

  /** After the mails that are under way. */
  async close(): Promise<void> {
    await Promise.all(this.#pending)
    if (this.#transport !== undefined) (await this.#transport).close()
  }

  #allows(to: string): boolean {
    const { allow } = this.#options
    const address = to.toLowerCase()
    return allow.length === 0 || allow.some((one) => (one.startsWith('*') ? address.endsWith(one.slice(1)) : address === one))
  }

  #tell(relayed: Relayed): void {
    for (const listener of this.#listeners) listener(relayed)
  }
}

/** Loaded with the first mail: most starts never send one. */
async function open(url: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  return createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 25) : Number(port),
    secure,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...PATIENCE,
  })
}
