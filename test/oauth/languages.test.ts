import { test } from 'tap'
import { type Key, LANGUAGE_NAMES, languageOf, languages } from '../../src/oauth/pages/languages.ts'
import { en } from '../../src/oauth/pages/messages/en.ts'

const keys = Object.keys(en) as Key[]

/** Words that a language has from English. */
const SHARED: Readonly<Record<string, readonly Key[]>> = {
  de: ['code', 'choosePasskey', 'attributeName', 'attributeWebsite'],
  es: [],
  ru: [],
  ja: [],
}

test('every text is there in every language', async (t) => {
  t.strictSame(Object.keys(languages), ['en', 'ru', 'es', 'de', 'ja'])
  t.strictSame(Object.keys(LANGUAGE_NAMES), Object.keys(languages))
  for (const [language, messages] of Object.entries(languages)) {
    t.strictSame(Object.keys(messages).sort(), [...keys].sort(), `${language} has the keys of English, and no others`)
    for (const key of keys) {
      const named = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
      t.strictSame(named(messages[key]), named(en[key]), `${language} ${key} names the same values`)
      t.not(messages[key].trim(), '', `${language} ${key} says something`)
    }
    if (language === 'en') continue
    const same = keys.filter((key) => messages[key] === en[key])
    t.strictSame(same, SHARED[language], `${language} is translated`)
  }
})

test('the language of a page', async (t) => {
  const cases: [lang: string | undefined, accepted: string, language: string][] = [
    [undefined, '', 'en'],
    ['ru', 'de', 'ru'],
    ['de-AT', '', 'de'],
    ['DE', '', 'de'],
    ['fr', 'ja', 'ja'],
    ['__proto__', '', 'en'],
    ['constructor', 'es;q=0.1', 'es'],
    [undefined, 'fr, de;q=0.8, en;q=0.9', 'en'],
    [undefined, 'de;q=0, ru;q=0.1', 'ru'],
    [undefined, 'es-419, en;q=0.9', 'es'],
  ]
  for (const [lang, accepted, language] of cases) {
    t.equal(languageOf({ query: lang === undefined ? {} : { lang }, languages: accepted }), language, `${lang} ${accepted}`)
  }
})
