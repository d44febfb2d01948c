const REQUEST = `  -H, --header <field>     such as "Authorization: Bearer …"; several times for several
  -d, --data <body>        makes it a POST; @file for what is in a file
  -X, --request <method>
  --ca <file>              certificates to believe instead of those that come with Node, in PEM`

const PROBE = `Usage: xray probe [options] <url>

Asks for one answer and shows every read of it as it comes, then what is wrong with it. It has no opinions of its own: no
redirects, nothing decoded, no byte refused.

${REQUEST}
  --time <s>               leaves an answer that is longer (default: 60)
  --record <file>          writes a recording, credentials as stars, to a new file that only you may read
  --json                   one line of JSON for each item, and for each diagnosis
  --fail-on error          exit code 1 if something is wrong; --fail-on warn: or if something may be
  -h, --help

Exit code: 0 asked; 1 it cannot be reached, or see above; 2 wrong usage.
`

const CHECK = `Usage: xray check [options] <url>

Asks for an event stream in several ways and says what of it works, and which lines to configure for what does not: the
head at once, event by event, compressed or not if asked to, heartbeats, the end.

${REQUEST}
  --time <s>               how long each answer is looked at (default: 15)
  --idle <s>               also waits so long for a hop that cuts silence; 65 finds most (default: 0, it does not)
  --json                   one line of JSON for each check
  -h, --help

Exit code: 0 all passed; 1 something failed, or it cannot be reached; 2 wrong usage.
`

const SANDWICH = `Usage: xray sandwich --origin <url> [options] <proxy-url>

Puts a tap on both sides of a hop: clients ask the tap in front, which asks the hop; the hop is configured to ask the tap
behind, which asks the origin. For each answer it says how long the hop held the head and each event.

  --origin <url>           the server behind the hop
  --front <n>              where clients ask (default: 9000)
  --back <n>               where the hop has to ask (default: 9002)
  --count <n>              ends behind so many answers (default: 0, with Ctrl-C)
  --json                   one line of JSON for each answer
  --fail-on error          exit code 1 if the hop held something; --fail-on warn: or may have
  -h, --help

Exit code: 0 ended; 1 it cannot listen, or see above; 2 wrong usage.
`

const DIFF = `Usage: xray diff [options] <recording> <recording>

Compares two recordings, exchange by exchange: heads, events, how they ended, what is wrong with them, and times.

  --json           one line of JSON for each difference
  -h, --help

Exit code: 0 alike but for their times; 1 they differ, or cannot be read; 2 wrong usage.
`

/** What the verbs that look for a fault say of themselves. */
export const DIAGNOSIS_HELP: Readonly<Record<'probe' | 'check' | 'sandwich' | 'diff', string>> = {
  probe: PROBE,
  check: CHECK,
  sandwich: SANDWICH,
  diff: DIFF,
}
