export interface Greeting {
  readonly text: string;
  readonly language: string;
}

const HELLO: Readonly<Record<string, string>> = {
  de: 'Hallo',
  en: 'Hello',
  fr: 'Bonjour',
};

/** Greets by name in a language, in English when the language is not known. */
export function greet(name: string, language: string): Greeting {
  const known = Object.hasOwn(HELLO, language) ? language : 'en';
  return { text: `${HELLO[known]}, ${name}!`, language: known };
}
