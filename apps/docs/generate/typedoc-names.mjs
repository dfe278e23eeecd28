// A TypeDoc plugin: an argument that is taken apart where it is declared has no name of its own; it is always
// the options.
import { Converter, ParameterReflection } from 'typedoc';

export function load({ converter }) {
  converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of Object.values(project.reflections))
      if (reflection instanceof ParameterReflection && reflection.name === '__namedParameters')
        reflection.name = 'options';
  });
}
