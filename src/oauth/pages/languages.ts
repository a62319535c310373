import type { Web } from '../web.ts'
import { de } from './messages/de.ts'
import { en } from './messages/en.ts'
import { es } from './messages/es.ts'
import { ja } from './messages/ja.ts'
import { ru } from './messages/ru.ts'

export type Key = keyof typeof en
export type Messages = Readonly<Record<Key, string>>

export const languages: Readonly<Record<string, Messages>> = { en, ru, es, de, ja }

/** What each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  en: 'English',
  ru: 'Русский',
  es: 'Español',
  de: 'Deutsch',
  ja: '日本語',
}

/** A text of the pages, with `{name}` replaced by what `values` say. */
export type Say = (key: Key, values?: Readonly<Record<string, string>>) => string

/** By the `lang` parameter, else the first of what the browser asks for that there is, else English. */
export function languageOf({ query, languages: asked }: Pick<Web, 'query' | 'languages'>): string {
  const accepted = asked
    .split(',')
    .map((item) => {
      const [tag = '', ...parameters] = item.trim().split(';')
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find((found) => found !== undefined)
      return { tag, quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
  const wanted = query.lang === undefined ? accepted : [query.lang, ...accepted]
  return wanted.map(primary).find((tag) => Object.hasOwn(languages, tag)) ?? 'en'
}

function primary(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? ''
}

/** Whether there are texts in it. */
export function isKnown(tag: string): boolean {
  return Object.hasOwn(languages, primary(tag))
}

export function sayIn(language: string): Say {
  const messages = languages[language] ?? en
  return (key, values = {}) => messages[key].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
