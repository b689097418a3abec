package org.halocline.ops.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.halocline.ops.machine.JvmNeeds;
import org.halocline.runtime.config.StrictJson;
import org.halocline.runtime.job.Forecast;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.runtime.layout.PlannedLayout;
import org.halocline.runtime.layout.RankMemory;

/** A plan for programs: one JSON object on one line. */
final class PlanJson {
  private PlanJson() {}

  static String text(JobOutlook outlook) {
    ObjectNode plan = JsonNodeFactory.instance.objectNode().put("event", "plan").put("job", outlook.job()).put("kind",
        outlook.kind());
    ObjectNode machine = plan.putObject("machine").put("lanes", outlook.machine().lanes())
        .put("available-bytes", outlook.machine().availableBytes())
        .put("total-bytes", outlook.machine().totalBytes());
    ArrayNode gpus = machine.putArray("gpus");
    outlook.machine().gpus().list()
        .forEach(gpu -> gpus.addObject().put("name", gpu.name()).put("memory-bytes", gpu.memoryBytes()));
    layout(plan, outlook.planned());
    memory(plan.putObject("memory"), outlook.planned(), outlook.needs());
    outlook.forecast().ifPresent(forecast -> forecast(plan, forecast));
    ArrayNode notes = plan.putArray("notes");
    outlook.notes().forEach(notes::add);
    ArrayNode options = plan.putArray("jvm-options");
    outlook.needs().options().forEach(options::add);
    return StrictJson.text(plan) + "\n";
  }

  private static void layout(ObjectNode plan, PlannedLayout planned) {
    plan.putObject("layout").put("domains", planned.layout().domains()).put("x", planned.layout().x()).put("y",
        planned.layout().y());
    plan.put("chains", planned.chains()).put("explanation", planned.explanation());
    ArrayNode passedOver = plan.putArray("passed-over");
    planned.passedOver().forEach(problem -> passedOver.add(problem.toString()));
  }

  private static void memory(ObjectNode memory, PlannedLayout planned, JvmNeeds needs) {
    memory.put("peak-bytes", needs.peakBytes()).put("needed-bytes", needs.neededBytes())
        .put("device-bytes", planned.deviceBytes()).put("heap-bytes", needs.heapBytes())
        .put("native-bytes", needs.nativeBytes())
        .put("jvm-bytes", needs.ownBytes()).put("reserve-bytes", needs.reserveBytes());
    ArrayNode ranks = memory.putArray("ranks-of-a-chain");
    for (RankMemory rank : planned.chain().ranks()) {
      ArrayNode parts = ranks.addArray();
      for (MemoryPart part : rank.parts())
        parts.addObject().put("name", part.name()).put("place", part.place().name().toLowerCase(Locale.ROOT))
            .put("bytes", part.bytes());
    }
  }

  private static void forecast(ObjectNode plan, Forecast forecast) {
    ArrayNode ranks = plan.putArray("sent");
    for (Forecast.Sent sent : forecast.ranks()) {
      ObjectNode rank = ranks.addObject().put("messages", sent.messages()).put("exchanges", sent.rounds());
      ObjectNode bytes = rank.putObject("bytes");
      sent.bytes().forEach(bytes::put);
    }
    ObjectNode time = plan.putObject("time").put("unit", forecast.unit()).put("units", forecast.units())
        .put("counted", forecast.counted()).put("basis", forecast.basis());
    if (!forecast.parts().isEmpty())
      time.put("seconds-a-unit", forecast.seconds());
    ObjectNode parts = time.putObject("parts");
    forecast.parts().forEach(parts::put);
  }
}
