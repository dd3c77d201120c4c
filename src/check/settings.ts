import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import { INSTANCES } from '../diagram/index.ts';
import type { CatalogSyntax } from '../parse/index.ts';
import type { Setting } from '../resolve/index.ts';
import { type Anyone, decisionOf, type Scene } from './anyone.ts';
import { readsSettings } from './asker.ts';
import { fixed, type Part, type Slot } from './subjects.ts';

/** Settings of this catalog that may be left out, although some actions are then denied to everybody. */
export function checkEssentialSettings({ file }: CatalogSyntax, anyone: Anyone): readonly Diagnostic[] {
  const optional = [...anyone.policy.settings.values()].filter(
    (setting) => setting.span.file === file && setting.optional && setting.default === null,
  );
  return optional.flatMap((setting) => {
    const isMissing = (slot: Slot): Slot => ({
      name: slot.name,
      setting: slot.setting,
      keys: slot.keys,
      isMissing: true,
    });
    const actions = actionsReading(anyone, setting).filter(({ scene }) => {
      const decision = decisionOf(scene);
      if (!anyone.mayExceed(scene, decision, 0)) return false;
      const parts = scene.subject.parts.map((part) => withSlots(part, setting, isMissing));
      return !anyone.mayExceed({ ...scene, subject: { ...scene.subject, parts } }, decision, 0);
    });
    if (actions.length === 0) return [];
    const names = namesOf(actions);
    return [
      diagnose(
        'essential-setting',
        setting.span,
        `without \`${setting.name}\`, which is optional, nobody is allowed ${names}`,
        {
          help: 'remove `optional: true`, give it a default, or grant the action to those without it',
        },
      ),
    ];
  });
}

/**
 * Settings of this catalog of which the default opens an action as far as any value could, while some value would open it
 * less: who forgets to write the setting gives the most.
 */
export function checkWideningDefaults(catalog: CatalogSyntax, anyone: Anyone): readonly Diagnostic[] {
  const own = [...anyone.policy.settings.values()].filter(
    (setting) => setting.span.file === catalog.file && setting.default !== null,
  );
  return own.slice(0, INSTANCES - 1).flatMap((setting, index) => {
    const actions = actionsReading(anyone, setting).filter(({ scene }) => isWidest(anyone, scene, setting, index + 1));
    if (actions.length === 0) return [];
    const written = catalog.settings.find(({ key }) => key.text === setting.name)?.value.default;
    const message = `where \`${setting.name}\` is not written, its default opens ${namesOf(actions)} as far as any value can`;
    return [
      diagnose('widening-default', written?.span ?? setting.span, message, {
        notes: ['some other value allows less, so what is forgotten is open'],
        help: 'choose the narrowest value as the default, or none, so that it must be written',
      }),
    ];
  });
}

function isWidest(anyone: Anyone, scene: Scene, setting: Setting, instance: number): boolean {
  const [free] = scene.subject.parts;
  if (!free) return false;
  const { world } = scene;
  const value = fixed(setting.default);
  const byDefault = withSlots(free, setting, ({ name, setting: of, keys }) => ({ name, setting: of, keys, ...value }));
  const other: Part = { ...free, instance };
  const asked: Scene = {
    ...scene,
    subject: { ...scene.subject, parts: [byDefault, other], varying: setting.name },
  };
  const decision = decisionOf(scene);
  const exceeds = (more: Part, less: Part, least: number) =>
    anyone.verdict(asked, (asker) => {
      const { rails } = world;
      const certainly = (part: Part) => rails.certainly(decision, part.instance, asker.instanceOf(part), least);
      return rails.store.meet(certainly(more), rails.store.negate(certainly(less)));
    });
  let isWider = false;
  for (let least = world.store.top; least > 0; least--) {
    if (exceeds(other, byDefault, least) !== 'impossible') return false;
    isWider ||= exceeds(byDefault, other, least) === 'possible';
  }
  return isWider;
}

interface Reading {
  readonly action: string;
  readonly scene: Scene;
}

function actionsReading(anyone: Anyone, { name }: Setting): readonly Reading[] {
  return [...anyone.policy.actions.keys()].sort().flatMap((action) => {
    const scene = anyone.scene(action);
    return scene?.world.atoms.some((atom) => readsSettings(atom, name)) ? [{ action, scene }] : [];
  });
}

function withSlots(part: Part, { name }: Setting, change: (slot: Slot) => Slot): Part {
  return { ...part, slots: part.slots.map((slot) => (slot.setting === name ? change(slot) : slot)) };
}

/** The first few. */
function namesOf(actions: readonly Reading[]): string {
  const shown = actions.slice(0, 3).map(({ action }) => `\`${action}\``);
  const more = actions.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ').replace(/, ([^,]*)$/, ' and $1');
}
