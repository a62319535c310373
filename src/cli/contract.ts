import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { UsageError } from '../config.ts'
import { type Drift, driftOf, type Model, modelOf, sdkModel } from '../contract/drift.ts'
import { type ContractReport, merge, SCHEMA } from '../contract/report/document.ts'
import { thresholdsOf } from '../contract/report/limits.ts'
import { FORMATS, type Format, render } from '../contract/report/render.ts'
import { ask, reaching } from './client.ts'
import { actOf, command, complain, parse, print, voice } from './command.ts'
import { driftOfFolder } from './contract-proto.ts'
import { DRIFTED, limited, limitsOf, VIOLATED } from './limits.ts'

const DEEDS: Record<string, (args: string[]) => Promise<void>> = { report, merge: mergeShards, drift }

/** `poolhouse contract report|merge|drift` */
export async function run(args: string[]): Promise<void> {
  const [deed, ...rest] = args
  const known = Object.keys(DEEDS).join(', ')
  if (deed === undefined || deed === '--help' || deed === '-h') {
    return print(`Usage: poolhouse contract ${known.replaceAll(', ', '|')} [options]; each says more with --help`)
  }
  const act = Object.hasOwn(DEEDS, deed) ? DEEDS[deed] : undefined
  await (act ?? actOf(Object.keys(DEEDS), deed))(rest)
}

/** Of a running emulator. */
async function report(args: string[]): Promise<void> {
  const verb = rendering(reaching(command('contract report', 'Show how calls used the contracts.')))
  if (!parse(verb, args)) return
  show(verb, await ask<ContractReport>(verb, 'GET', '/contract/report'))
}

/** Of several runs. */
async function mergeShards(args: string[]): Promise<void> {
  const verb = rendering(command('contract merge', 'Put the reports of several runs together.').argument('<report.json...>'))
  if (!parse(verb, args)) return
  const [first, ...others] = verb.args.map(read)
  if (first !== undefined) show(verb, merge([first, ...others]))
}

function rendering(verb: Command): Command {
  return limited(verb.option('--format <format>', FORMATS.join(', '), 'md').option('--out <file>', 'write it there'))
}

function show(verb: Command, bare: ContractReport): void {
  const { format, out } = verb.opts<{ format: Format; out?: string }>()
  if (!FORMATS.includes(format)) throw new UsageError(`--format must be one of ${FORMATS.join(', ')}, not "${format}"`)
  const asked = thresholdsOf(bare, limitsOf(verb))
  const whole = asked.length === 0 ? bare : { ...bare, thresholds: asked }
  const text = render(whole, format)
  if (out === undefined) voice.out(text)
  else {
    writeFileSync(out, text)
    print(`wrote ${out}`)
  }
  const failed = asked.filter(({ passed }) => !passed)
  for (const { message } of failed) complain(message)
  if (failed.length > 0) process.exitCode = VIOLATED
}

function read(file: string): ContractReport {
  const document = json(file) as ContractReport
  if (document.schema !== SCHEMA) throw new UsageError(`${file} is no ${SCHEMA}`)
  return document
}

/** The contract that is built in, against a newer one. */
async function drift(args: string[]): Promise<void> {
  const verb = command('contract drift', "Compare the contracts here with a vendor's newer one; exit with 4 if they differ.")
    .requiredOption(
      '--model <where>',
      'npm:@aws-sdk/client-cognito-identity-provider (as installed here, or with @version as npm has it), its folder, a folder of .proto files, or a JSON file: a contract or a service model',
    )
    .option('--json', 'as data')
  if (!parse(verb, args)) return
  const { model: where, json: asData } = verb.opts<{ model: string; json?: boolean }>()
  const { found, operations, types, notes = [] } = compared(where)
  if (asData === true) print(JSON.stringify(found, undefined, 2))
  else for (const one of found) print(sentence(one))
  for (const note of notes) complain(note)
  if (found.length > 0) process.exitCode = DRIFTED
  else if (asData !== true) print(`no drift: ${operations} operations, ${types} types`)
}

function compared(where: string): { found: Drift[]; operations: number; types: number; notes?: string[] } {
  const path = where.startsWith('npm:') ? undefined : resolve(where)
  const folder = path !== undefined && existsSync(path) && statSync(path).isDirectory() && !existsSync(join(path, 'dist-types'))
  const files = folder ? driftOfFolder(path) : undefined
  if (files === undefined) {
    const model = modelAt(where)
    return { found: driftOf(contractLike(model), model), operations: model.operations.size, types: model.types.size }
  }
  const { drift, left, absent } = files
  const notes = [
    ...(absent.length === 0 ? [] : [`not in the folder, and not compared: ${absent.join(', ')}`]),
    ...(left.length === 0 ? [] : [`services that the contract leaves out: ${left.join(', ')}`]),
  ]
  return { found: drift, ...files.compared, notes }
}

const SIGNS = { added: '+', removed: '-', changed: '~' }

function sentence({ what, change, name, facts = [] }: Drift): string {
  return `${SIGNS[change]} ${what} ${name}${facts.length === 0 ? '' : `: ${facts.join('; ')}`}`
}

/** The one of our contracts that knows most of the model's operations. */
function contractLike({ operations }: Model): Model {
  const ours = ['cognito', 'yandex'].map((room) => {
    const model = modelOf(JSON.parse(readFileSync(new URL(`../${room}/contract/contract.json`, import.meta.url), 'utf8')))
    if (model === undefined) throw new Error(`the contract of ${room} is none`)
    return { model, known: [...operations.keys()].filter((name) => model.operations.has(name)).length }
  })
  const [best] = ours.sort((a, b) => b.known - a.known)
  if (best === undefined || best.known === 0) throw new UsageError('the model has no operation in common with any contract here')
  return best.model
}

function modelAt(where: string): Model {
  const path = where.startsWith('npm:') ? installed(where.slice('npm:'.length)) : resolve(where)
  if (!existsSync(path)) throw new UsageError(`there is no ${where}`)
  if (statSync(path).isFile()) return modelOf(json(path)) ?? none(where)
  const types = join(path, 'dist-types')
  if (!existsSync(join(types, 'commands'))) return none(where)
  const texts = (folder: string) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.d.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
  return sdkModel({ commands: texts(join(types, 'commands')), models: texts(join(types, 'models')) })
}

/** Of the project in this folder; with a version, or where it is not installed, as npm has it. */
function installed(spec: string): string {
  const at = spec.indexOf('@', 1)
  if (at === -1) {
    try {
      return dirname(createRequire(join(process.cwd(), 'package.json')).resolve(`${spec}/package.json`))
    } catch {
      // As npm has it.
    }
  }
  return fetched(spec)
}

/** Unpacked into a folder that goes with this process; npm goes by its own settings, cache and registry. */
function fetched(spec: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'poolhouse-drift-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const run = (program: string, args: string[]) =>
    spawnSync(program, args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' })
  const packed = run('npm', ['pack', spec, '--json', '--silent'])
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  if (packed.status !== 0 || file === undefined) throw new UsageError(`${spec} is not installed here, and npm does not have it`)
  if (run('tar', ['-xzf', file]).status !== 0) throw new UsageError(`${spec} cannot be unpacked`)
  return join(folder, 'package')
}

function none(where: string): never {
  throw new UsageError(`${where} is no contract, no service model, no AWS SDK package and no folder of .proto files`)
}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== undefined) throw error
    throw new UsageError(`${file} is no JSON: ${message.split('\n', 1)[0]}`)
  }
}
