#include "messages/event.hpp"

namespace darkroom {

const char* to_string(event_kind kind) {
  switch (kind) {
    case event_kind::queued:
      return "job-queued";
    case event_kind::active:
      return "job-active";
    case event_kind::progress:
      return "job-progress";
    case event_kind::completed:
      return "job-completed";
    case event_kind::failed:
      return "job-failed";
  }
  return "unknown";
}

} // namespace darkroom
