package io.sluice.torture.work;

import io.sluice.torture.history.Findings;
import java.util.ArrayList;
import java.util.List;

/** All that is done at once. */
public final class Works {

  private Works() {}

  /** Makes topics and queues in a broker that has none of them. */
  public static List<Work> begin(Doors doors, Findings findings) throws Exception {
    List<Work> works = new ArrayList<>();
    works.add(new LogWork(doors, findings));
    works.add(new TransactionWork(doors, findings));
    works.add(new ShareWork(doors, findings));
    works.add(new StandardQueueWork(doors, findings));
    works.add(new FanOutWork(doors, findings));
    works.add(FifoWork.toQueue(doors, findings));
    works.add(FifoWork.toTopic(doors, findings));
    works.add(new DeadLetterWork(doors, findings));
    works.add(new CatalogueWork(doors, findings));
    return works;
  }
}
