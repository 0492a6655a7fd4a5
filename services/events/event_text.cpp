#include "services/events/event_text.hpp"

#include "services/json/json.hpp"

#include <algorithm>

namespace darkroom {

namespace {

/// Whether JSON shows the text unchanged.
bool is_plain(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c >= ' ' && c < 127 && c != '"' && c != '\\';
  });
}

/// Appends members to the text of an object. There are two events per job, and
/// building a tree of values would take five times as long.
class object_writer {
public:
  void put(const char* name, const std::string& value) {
    begin(name);
    text_ += is_plain(value) ? '"' + value + '"' : write_json(value);
  }
  void put(const char* name, uint64_t value) {
    raw(name, std::to_string(value));
  }
  void put(const char* name, int64_t value) {
    raw(name, std::to_string(value));
  }
  void raw(const char* name, const std::string& json) {
    begin(name);
    text_ += json;
  }
  std::string finish() {
    return std::move(text_) + '}';
  }

private:
  void begin(const char* name) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += name;
    text_ += "\":";
  }

  std::string text_;
};

void add_attempt(const worker_event& event, object_writer& out) {
  out.put("attempt", uint64_t{event.attempt});
  out.put("maxAttempts", uint64_t{event.max_attempts});
}

void add_outcome(const worker_event& event, object_writer& out) {
  switch (event.kind) {
    case event_kind::queued:
      out.put("queueSize", event.queue_size);
      break;
    case event_kind::active:
      add_attempt(event, out);
      break;
    case event_kind::progress: {
      auto value = parse_json(event.progress);
      out.raw("progress", value ? write_json(*value) : "null");
      break;
    }
    case event_kind::completed:
      out.put("duration", event.duration_ms);
      break;
    case event_kind::failed:
      out.put("error", event.error);
      add_attempt(event, out);
      out.raw("final", event.is_final ? "true" : "false");
      if (!event.is_final)
        out.put("retryInMs", event.retry_in_ms);
      break;
  }
}

} // namespace

std::string event_text(const worker_event& event, const std::string& queue) {
  object_writer out;
  out.put("type", std::string{to_string(event.kind)});
  out.put("jobId", event.job_id);
  out.put("jobName", event.job_name);
  out.put("timestamp", event.timestamp);
  out.put("queue", queue);
  if (!event.image_id.empty())
    out.put("imageId", event.image_id);
  if (!event.node.empty())
    out.put("node", event.node);
  add_outcome(event, out);
  return out.finish();
}

std::string event_text(const provider_alert& alert, const std::string& queue) {
  object_writer out;
  out.put("type", std::string{"provider-state"});
  out.put("resource", alert.resource);
  if (!alert.profile_id.empty())
    out.put("provider", alert.profile_id);
  out.put("state", alert.state);
  if (alert.until > 0)
    out.put("until", alert.until);
  if (!alert.words.empty())
    out.put("message", alert.words);
  out.put("timestamp", alert.timestamp);
  out.put("queue", queue);
  return out.finish();
}

namespace {

/// Reads three texts of an object without building the object, because every
/// event passes here.
class label_reader : public nlohmann::json_sax<nlohmann::json> {
public:
  event_label found;

  bool key(string_t& name) override {
    wanted_ = depth_ != 1         ? nullptr
              : name == "type"    ? &found.type
              : name == "imageId" ? &found.image_id
              : name == "jobId"   ? &found.job_id
                                  : nullptr;
    return true;
  }
  bool string(string_t& text) override {
    if (wanted_ != nullptr)
      *wanted_ = std::move(text);
    return value();
  }
  bool start_object(size_t) override {
    ++depth_;
    return value();
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool start_array(size_t) override {
    ++depth_;
    return value();
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool null() override {
    return value();
  }
  bool boolean(bool) override {
    return value();
  }
  bool number_integer(number_integer_t number) override {
    return digits(std::to_string(number));
  }
  bool number_unsigned(number_unsigned_t number) override {
    return digits(std::to_string(number));
  }
  bool number_float(number_float_t, const string_t&) override {
    return value();
  }
  bool binary(binary_t&) override {
    return value();
  }
  bool parse_error(size_t, const std::string&,
                   const nlohmann::json::exception&) override {
    return false;
  }

private:
  /// Ids may be numbers.
  bool digits(std::string number) {
    if (wanted_ != nullptr && wanted_ != &found.type)
      *wanted_ = std::move(number);
    return value();
  }

  bool value() {
    wanted_ = nullptr;
    return true;
  }

  int depth_ = 0;
  std::string* wanted_ = nullptr; ///< takes the next value; null: skip it
};

} // namespace

event_label label_of(const std::string& text) {
  label_reader reader;
  if (text.empty() || text.front() != '{'
      || !nlohmann::json::sax_parse(text, &reader))
    return {};
  return std::move(reader.found);
}

} // namespace darkroom
