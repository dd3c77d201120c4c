/** Letters of other alphabets that look like Latin ones, in pairs: foreign, Latin. */
const pairs =
  'аaеeоoрpсcуyхxіiјjѕsԁdԛqԝwһhӏlАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅSԌGԜWαaεeιiκkνvοoρpτtυuχxγyΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXıiɑaɡgℓl';

const latin: ReadonlyMap<string, string> = new Map(
  Array.from({ length: pairs.length / 2 }, (_, index) => [pairs[index * 2] ?? '', pairs[index * 2 + 1] ?? '']),
);

/** The same word in Latin letters, where letters of another alphabet only look like them; else null. */
export function latinTwin(text: string): string | null {
  const twin = [...text.normalize('NFKC')].map((letter) => latin.get(letter) ?? letter).join('');
  return twin !== text && /^[\w.*-]+$/.test(twin) ? twin : null;
}

/** Names the letters that only look like Latin ones: `U+043E only looks like the letter o`. */
export function describeLookAlikes(text: string): string {
  const found = [...new Set(text)].flatMap((letter) => {
    const meant = latin.get(letter) ?? latin.get(letter.normalize('NFKC')) ?? letter.normalize('NFKC');
    const point = `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    return meant === letter ? [] : [`${point} only looks like the letter \`${meant}\``];
  });
  return found.slice(0, 4).join(', ');
}
