import type { BlockRef, Effect } from '../state/effect.ts';
import type { ReplEvent } from '../state/event.ts';
import type { SettingName } from '../state/settings.ts';
import { createAnswers } from './answers.ts';
import { type Attachment, attach } from './attachment.ts';
import { type BlockActionsContext, createBlockActions, type NamedBlock } from './blocks/block-actions.ts';
import type { Blocks } from './blocks/blocks.ts';
import { createCompleter } from './completion/complete.ts';
import type { HistoryStore } from './history/history-store.ts';
import { createTypedHere, type TypedHere } from './history/typed-here.ts';
import { localPath } from './local-path.ts';
import { recallInTime } from './recall.ts';
import type { SettingsFile } from './settings/settings-file.ts';
import type { DevboxPort, Diagnose, ShellPort } from './shell-port.ts';
import { editExternally } from './terminal/external-editor.ts';
import { notification } from './terminal/notify.ts';
import type { LendTerminal } from './terminal/run-at-terminal.ts';
import type { Screen } from './terminal/screen.ts';

type Dispatch = (event: ReplEvent) => void;
type EffectOf<Type> = Extract<Effect, { readonly type: Type }>;

export interface EffectContext {
  readonly devbox: DevboxPort;
  readonly shell: ShellPort;
  readonly blocks: Blocks;
  readonly screen: Screen;
  readonly history: HistoryStore;
  readonly settings: SettingsFile;
  readonly diagnose: Diagnose;
  readonly lendTerminal: LendTerminal;
  readonly printLines?: BlockActionsContext['printLines'];
  /** False: there is nothing to give the terminal to. */
  readonly suspend: () => Promise<boolean>;
  readonly colour: boolean;
  /** From where the relative paths of files on this machine start. */
  readonly localFolder: string;
  /** `:record`, with or without a file. */
  readonly record: (file: string | undefined) => void | Promise<void>;
  readonly onLeave: (reason: 'detached' | 'closed') => void;
}

/** Of a shell's commands, as many as the embedded devbox keeps. */
const MOST_ASKED = 1_000;

export interface EffectRunner {
  run(effect: Effect, dispatch: Dispatch): void;
  /** The shell that is attached now. */
  shellName(): string;
  stop(): void;
}

/** Carries effects out. Each ends in events, or in a line on the screen; none is forgotten. */
export function createEffectRunner(context: EffectContext): EffectRunner {
  const { devbox, blocks, screen, history, settings, diagnose } = context;
  let attachment: Attachment | undefined;
  let relaunch: NodeJS.Timeout | undefined;
  let historyProblemTold = false;
  const over = new AbortController();
  const blockActions = createBlockActions({ ...context, signal: over.signal });
  const answers = createAnswers();
  const completer = createCompleter(devbox, diagnose);
  let typedHere: TypedHere | undefined;

  const current = (dispatch: Dispatch) => {
    attachment ??= attach({ shell: context.shell, blocks, dispatch, diagnose });
    return attachment;
  };
  const named = ({ number, name, executionId }: BlockRef, dispatch: Dispatch): NamedBlock => ({
    number,
    name,
    execution: executionId === undefined ? undefined : current(dispatch).shell.execution(executionId),
  });
  const tellHistoryProblem = (problem: string | undefined) => {
    if (problem === undefined || historyProblemTold) return;
    historyProblemTold = true;
    screen.print(problem, 'error');
  };

  async function switchTo({ name: given, wanted }: EffectOf<'switch'>, dispatch: Dispatch): Promise<void> {
    const shell = devbox.shell(given);
    const { name } = shell;
    try {
      const shells = given === undefined ? undefined : (await devbox.shells())?.map((one) => one.name);
      const isThere = shells?.includes(name);
      if (shells && wanted === 'there' && !isThere) return dispatch({ type: 'no-such-shell', name, shells });
      if (wanted === 'new' && isThere) return dispatch({ type: 'shell-is-there', name });
      const opened = await shell.open();
      const { commands, problem } = await history.newest(name);
      tellHistoryProblem(problem);
      const recall = opened?.created ? undefined : await recallInTime(shell, diagnose);
      attachment?.detach();
      blocks.abandon();
      attachment = attach({ shell, blocks, dispatch, diagnose });
      const { cwd, lastNumber } = opened?.shell ?? {};
      dispatch({
        type: 'attached',
        name,
        created: opened?.created ?? false,
        cwd,
        lastNumber,
        past: commands,
      });
      if (recall) dispatch(recall);
    } catch (error) {
      dispatch({ type: 'switch-failed', name, message: diagnose(error).message });
    }
  }

  async function listShells(dispatch: Dispatch): Promise<void> {
    try {
      const shells = await devbox.shells();
      dispatch({
        type: 'shells-listed',
        shells: shells?.map(({ name, state, cwd, queue }) => ({
          name,
          state,
          cwd,
          waiting: queue.filter(({ status }) => status === 'queued').length,
        })),
      });
    } catch (error) {
      dispatch({ type: 'failed', what: 'Listing the shells', message: diagnose(error).message });
    }
  }

  async function closeShell(name: string, anyway: boolean, dispatch: Dispatch): Promise<void> {
    try {
      const shell = devbox.shell(name);
      // The shell of this REPL was looked at before: its unsent lines count too.
      const isOther = name !== current(dispatch).shell.name;
      const commands = isOther && !anyway ? ((await shell.info())?.queue.length ?? 0) : 0;
      if (commands > 0) return dispatch({ type: 'shell-busy', name, commands });
      dispatch({ type: 'shell-closed', name, closed: await shell.close() });
    } catch (error) {
      dispatch({ type: 'failed', what: `Closing ${name}`, message: diagnose(error).message });
    }
  }

  async function edit(text: string, dispatch: Dispatch): Promise<void> {
    try {
      const { lendTerminal } = context;
      const edit = await editExternally({ text, lendTerminal, env: process.env, signal: over.signal });
      dispatch({
        type: 'edited-externally',
        ...(edit.kind === 'edited' ? { text: edit.text } : { problem: edit.message }),
      });
    } catch (error) {
      const problem = `The text could not be edited: ${(error as Error).message}. The line is as it was.`;
      dispatch({ type: 'edited-externally', problem });
    }
  }

  async function loadPast(most: number, dispatch: Dispatch): Promise<void> {
    const { shell } = current(dispatch);
    const { commands, problem } = await history.all(shell.name, most);
    tellHistoryProblem(problem);
    const isAttached = () => attachment?.shell === shell;
    if (isAttached()) dispatch({ type: 'past-loaded', commands });
    try {
      const ran = await shell.history(MOST_ASKED);
      if (isAttached()) dispatch({ type: 'shell-commands', commands: ran });
    } catch (error) {
      const { message } = diagnose(error);
      if (isAttached())
        dispatch({ type: 'failed', what: 'Reading what ran on this shell from elsewhere', message });
    }
  }

  async function keepSetting(name: SettingName, value: string, dispatch: Dispatch): Promise<void> {
    const problem = await settings.keep(name, value);
    if (problem === undefined) screen.print(`${name} is ${value}, and kept in ${settings.shownPath}`, 'dim');
    else dispatch({ type: 'failed', what: `${name} is ${value} for this session only`, message: problem });
  }

  async function restartServer(dispatch: Dispatch): Promise<void> {
    try {
      dispatch({ type: 'server-restarted', message: await devbox.restartServer() });
    } catch (error) {
      dispatch({ type: 'failed', what: 'Restarting the server', message: diagnose(error).message });
    }
  }

  const carryOut: { [Type in Effect['type']]: (effect: EffectOf<Type>, dispatch: Dispatch) => void } = {
    launch: (effect, dispatch) => current(dispatch).launch(effect),
    'send-input': ({ name, executionId, part }, dispatch) =>
      current(dispatch).sendInput(name, executionId, part),
    'retry-launch': ({ afterMs }, dispatch) => {
      clearTimeout(relaunch);
      relaunch = setTimeout(() => dispatch({ type: 'relaunch' }), afterMs);
    },
    follow: ({ number, executionId }, dispatch) => current(dispatch).follow(number, executionId),
    'skip-output': ({ number }, dispatch) => current(dispatch).skipOutput(number),
    interrupt: ({ executionId }, dispatch) => current(dispatch).interrupt(executionId),
    kill: ({ executionId }, dispatch) => current(dispatch).kill(executionId),
    cancel: ({ number, name, executionId }, dispatch) => current(dispatch).cancel(number, name, executionId),
    'ask-missed': ({ after, upTo }, dispatch) => current(dispatch).askMissed(after, upTo),
    refresh: (_effect, dispatch) => current(dispatch).refresh(),
    'open-block': (block) => blocks.open(block),
    'recall-block': ({ number, name, block, ago }) => blocks.recall(number, name, block, ago),
    'close-block': ({ number, report }) => blocks.close(number, report),
    'show-block': (block, dispatch) => void blockActions.show(named(block, dispatch), dispatch),
    'copy-block': (block, dispatch) => answers.inTurn(() => blockActions.copy(named(block, dispatch))),
    'search-blocks': ({ blocks, ...search }, dispatch) =>
      answers.inTurn(() =>
        blockActions.search(
          blocks.map((block) => named(block, dispatch)),
          search,
        ),
      ),
    export: ({ file, title, blocks }, dispatch) =>
      answers.inTurn(() =>
        blockActions.export(
          blocks.map((block) => named(block, dispatch)),
          { path: localPath(file, context.localFolder), title },
        ),
      ),
    notify: ({ way, text }) => screen.control(notification(way, text, process.env.TMUX !== undefined)),
    print: ({ text, tone, answer }) =>
      answer ? answers.inTurn(() => screen.print(text, tone)) : screen.print(text, tone),
    remember: ({ lines }, dispatch) => {
      const { name } = current(dispatch).shell;
      void history.append(name, lines).then(tellHistoryProblem);
      typedHere ??= createTypedHere(history, (executionIds) =>
        dispatch({ type: 'typed-here', executionIds }),
      );
      typedHere.ask(
        name,
        lines.flatMap(({ elsewhere, executionId }) => (elsewhere && executionId ? [executionId] : [])),
      );
    },
    'keep-setting': ({ name, value }, dispatch) => answers.inTurn(() => keepSetting(name, value, dispatch)),
    'load-past': ({ most }, dispatch) => void loadPast(most, dispatch),
    'search-on': (_effect, dispatch) => void setImmediate(() => dispatch({ type: 'search-on' })),
    complete: ({ request, query }, dispatch) => {
      const onWait = () => dispatch({ type: 'completion-waits', request });
      void completer
        .complete(query, current(dispatch).shell, onWait)
        .then((answer) => answer && dispatch({ type: 'completed', request, answer }));
    },
    'cancel-completion': () => completer.cancel(),
    'list-shells': (_effect, dispatch) => answers.inTurn(() => listShells(dispatch)),
    switch: (effect, dispatch) => void switchTo(effect, dispatch),
    restore: (_effect, dispatch) => current(dispatch).restore(),
    'close-shell': ({ name, anyway }, dispatch) => void closeShell(name, anyway, dispatch),
    'edit-externally': ({ text }, dispatch) => void edit(text, dispatch),
    suspend: (_effect, dispatch) =>
      void context.suspend().then((suspended) => {
        if (!suspended) dispatch({ type: 'not-suspended' });
      }),
    'restart-server': (_effect, dispatch) => answers.inTurn(() => restartServer(dispatch)),
    record: ({ file }) => answers.inTurn(() => context.record(file)),
    'clear-screen': () => screen.clear(),
    leave: ({ reason }) => context.onLeave(reason),
  };

  return {
    // The key and its handler belong together by the type of the table; TypeScript cannot see that through a union.
    run: (effect, dispatch) =>
      (carryOut[effect.type] as (effect: Effect, dispatch: Dispatch) => void)(effect, dispatch),
    shellName: () => attachment?.shell.name ?? context.shell.name,
    stop() {
      over.abort();
      completer.cancel();
      typedHere?.stop();
      clearTimeout(relaunch);
      attachment?.detach();
    },
  };
}
