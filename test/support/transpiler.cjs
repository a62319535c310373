/**
 * What tap's loader makes JavaScript with (tsconfig.json, "ts-node"): each test file is a process that loads most of `src`, so what
 * the compiler answered is kept by what it was asked, until the next `npm ci`. Types are held by `npm run typecheck`, not here.
 */
const { createHash } = require('node:crypto')
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { basename, join } = require('node:path')

const FOLDER = join(__dirname, '../../node_modules/.cache/poolhouse-tests')

exports.create = ({ service: { config }, nodeModuleEmitKind }) => {
  const { version } = require('typescript/package.json')
  const { noEmit, outDir, declaration, ...options } = config.options
  const salt = JSON.stringify([version, nodeModuleEmitKind, options])
  mkdirSync(FOLDER, { recursive: true })
  return {
    transpile(code, { fileName }) {
      const key = createHash('sha256')
        .update(`${salt}\n${basename(fileName)}\n${code}`)
        .digest('hex')
      const kept = join(FOLDER, `${key}.json`)
      try {
        return JSON.parse(readFileSync(kept, 'utf8'))
      } catch {
        const made = transpile(code, fileName, options, nodeModuleEmitKind)
        const scratch = `${kept}.${process.pid}`
        writeFileSync(scratch, JSON.stringify(made))
        renameSync(scratch, kept)
        return made
      }
    },
  }
}

function transpile(code, fileName, options, kind) {
  const ts = require('typescript')
  const module = kind === 'nodecjs' ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext
  const compilerOptions = { ...options, module, moduleResolution: undefined, sourceMap: true, inlineSources: true }
  const { outputText, sourceMapText } = ts.transpileModule(code, { fileName, compilerOptions })
  return { outputText, sourceMapText }
}
