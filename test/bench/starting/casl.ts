import { verbOf } from '../clinic/model.ts';
import { caslAbility } from '../peers/casl.ts';
import type { FirstRequest } from './request.ts';

export const decide = ({ clinic, user, action, resource }: FirstRequest) =>
  caslAbility(clinic, user).can(verbOf(action), resource);
