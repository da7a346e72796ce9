import { expect, test } from 'vitest';
import { terminalHints } from '../../../src/repl/state/terminal-hint.ts';
import { line, play, start } from './play.ts';

test.each([
  ['vim notes.txt', 'sed -i'],
  ['cd src && /usr/bin/nano x', 'nano needs a terminal'],
  ['top', 'top -bn1'],
  ['htop -u me', 'top -bn1'],
  ['git log | less -R', 'as cat does'],
  ['ssh host', 'ssh HOST COMMAND'],
  ['ssh -p 22 -i key me@host', 'ssh HOST COMMAND'],
  ['ssh -t host top', 'ssh HOST COMMAND'],
  ['docker exec -it web sh', ':stdin docker'],
  ['sudo apt-get update', 'sudo -S'],
  ['git commit', 'git commit -m TEXT'],
  ['git rebase -i HEAD~2', 'git opens no editor'],
  ['python3', ':stdin python3'],
  ['FOO=1 node', ':stdin node'],
  ['tmux', ':new'],
  ['watch -n1 date', 'while sleep'],
])('%s: a hint', (command, hint) => {
  expect(terminalHints(command, false).join('\n')).toContain(hint);
});

test.each([
  'echo vim',
  'which vim',
  '"$(cat vim)"',
  'nvim --headless +q',
  'emacs --batch -l x.el',
  'vim -es script',
  'top -bn1',
  'ssh host uptime',
  'ssh -p 22 host uptime',
  'ssh -N -L 80:x:80 host',
  'docker run -i image',
  'sudo -n true',
  'git commit -am "x"',
  'git commit --amend --no-edit',
  'git status',
  'python3 script.py',
  'echo 1 | python3',
  'python3 <script.py',
  "python3 <<'EOF'\nprint(1)\nEOF",
  'tmux new -d -s x',
  'bash script.sh',
])('%s: no hint', (command) => {
  expect(terminalHints(command, false)).toEqual([]);
});

test('a line with stdin is told nothing of stdin; a hint comes once', () => {
  expect(terminalHints('python3 -i', true)).toEqual([]);
  const told = play(start(), ...line('vim a'), ...line('vim b'));
  expect(told.effects.filter((effect) => effect.type === 'print')).toHaveLength(1);
  expect(told.state.entries).toHaveLength(2);
});
