#include "messages/provider_call.hpp"

namespace darkroom {

const char* to_string(call_end end) {
  switch (end) {
    case call_end::answered:
      return "answered";
    case call_end::bad_answer:
      return "bad_answer";
    case call_end::adapted:
      return "adapted";
    case call_end::refused:
      return "refused";
    case call_end::unusable:
      return "unusable";
    case call_end::throttled:
      return "throttled";
    case call_end::transient:
      return "transient";
    case call_end::not_made:
      return "not_made";
  }
  return "transient";
}

} // namespace darkroom
