package org.halocline.sampler.model.survey;

import org.halocline.sampler.model.nbody.NbodyKind;

/** {@code model = survey}: the light cone of a simulation, and maps of its convergence. */
public final class SurveyKind extends NbodyKind {

  public SurveyKind() {
    super(false, SurveyModel::new);
  }

  @Override
  public String name() {
    return "survey";
  }
}
