#include "services/json/member.hpp"

#include "services/json/json.hpp"

namespace darkroom {

using nlohmann::json;

const json* find_member(const json* object, const char* key) {
  if (!object || !object->is_object())
    return nullptr;
  auto found = object->find(key);
  return found == object->end() || found->is_null() ? nullptr : &*found;
}

const json* first_element(const json* list) {
  return list && list->is_array() && !list->empty() ? &list->front() : nullptr;
}

std::string plain_text(const json* value) {
  if (value && value->is_string())
    return value->get<std::string>();
  return value && value->is_number() ? value->dump() : std::string();
}

json json_or_text(const std::string& text) {
  auto parsed = parse_json(text);
  return parsed ? std::move(*parsed) : json(text);
}

} // namespace darkroom
