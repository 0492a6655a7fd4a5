/// A job's way to the main node's permits for calls to providers.
#pragma once

#include "actors/run_control.hpp"
#include "messages/interfaces.hpp"
#include "services/provider/provider_desk.hpp"

#include <caf/actor_system.hpp>

#include <chrono>

namespace darkroom {

/// Asks through the processor pool. Belongs to one run of a job, and is used in
/// its processor's thread; everything it borrows must outlive it.
class main_desk : public provider_desk {
public:
  /// @param slack longest time from the booking to the call
  main_desk(caf::actor_system& system, processor_pool_actor pool,
            const job& work, run_control& control,
            std::chrono::milliseconds slack);

  /// Waits up to 10 s in the job's slot for a limit, and up to 2 min if the
  /// last call is to be followed by another. Without these waits, jobs whose
  /// preparation takes longer than a limit's window would give up their starts
  /// in turn, forever, and jobs that need two calls would begin with the first
  /// one each time.
  result<provider_permit> book(provider_query query) override;

  void report(provider_report what) override;

private:
  /// @returns nothing if no sound answer came in time
  std::optional<provider_permit> ask(const provider_query& query);

  caf::actor_system& system_;
  processor_pool_actor pool_;
  const job& work_;
  run_control& control_;
  std::chrono::milliseconds slack_;
  bool is_amid_attempt_ = false; ///< the last call is to be followed by another
};

} // namespace darkroom
