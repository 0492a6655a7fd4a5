/// The doctor's look at the providers of models.
#include "config/clock.hpp"
#include "nodes/doctor/doctor.hpp"
#include "services/embedding/text_embedder.hpp"
#include "services/http_client/http_client.hpp"
#include "services/json/json.hpp"
#include "services/provider/open_desk.hpp"
#include "services/provider/provider_list.hpp"
#include "services/redis/explain_text.hpp"
#include "services/redis/provider_book.hpp"
#include "services/text/base64.hpp"
#include "services/vision/local_models.hpp"
#include "services/vision/vision_analyser.hpp"

namespace darkroom {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds patience{5000}; // for the list of models
constexpr milliseconds call_patience{60000};

/// A grey JPEG of one pixel.
constexpr std::string_view one_pixel
  = "/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1R"
    "V19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2"
    "NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAABAAEDAREAAhEBAxEB/8QA"
    "FAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAUAQEAAAAAAAAAAA"
    "AAAAAAAAAA/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AA//Z";

/// Remembers in which form a provider wanted to be asked.
class noting_desk : public open_desk {
public:
  void report(provider_report what) override {
    if (!what.profile.empty())
      learned = what.profile;
    open_desk::report(std::move(what));
  }

  std::string learned;
};

/// Asks for the list of models, which costs nothing.
finding judge_listener(const std::string& check, const provider_settings& to) {
  json_post post{to.base_url + "/models", {}, to.api_key, patience};
  http_client client;
  auto answer = client.exchange(post, nullptr);
  if (!answer)
    return {check, health::fail, describe(to) + ": " + answer.error().context,
            "start it, or correct base_url"};
  auto status = answer->status;
  if (status == 401 || status == 403)
    return {check, health::fail,
            describe(to) + ": it refuses the key (" + std::to_string(status)
              + ")",
            to.api_key.empty() ? "set api_key" : "correct api_key"};
  if (status >= 500 || status == 0)
    return {check, health::warn,
            describe(to) + ": it answers with " + std::to_string(status),
            "`darkroom doctor --probe` makes a real call"};
  return {check, health::ok, describe(to) + ": it answers", ""};
}

finding judge_call(const std::string& check, const provider_settings& to,
                   const status& made, int64_t since,
                   const std::string& learned) {
  if (!made)
    return {check, health::fail, made.error().context,
            "docs/providers.md says what Darkroom makes of such answers"};
  return {check, health::ok,
          describe(to) + ": a call took " + span_text(wall_clock_ms() - since)
            + (learned.empty() ? "" : "; it wants to be asked so: " + learned),
          ""};
}

finding probe_vision(const vision_settings& all, const provider_settings& to) {
  auto only = all;
  only.providers = {to};
  only.providers[0].timeout = call_patience;
  auto since = wall_clock_ms();
  noting_desk desk;
  shared_models none{""}; // the provider is asked
  auto made = make_vision(only, none);
  if (!made)
    return judge_call("vision call", to, made.error(), since, {});
  vision_input picture;
  picture.jpeg = from_base64(one_pixel).value_or("");
  picture.original_width = picture.original_height = 1;
  auto said = (*made)->describe_for_job(picture, desk, nullptr);
  return judge_call("vision call", to, said ? status{ok} : status{said.error()},
                    since, desk.learned);
}

finding probe_embedding(const embedding_settings& all,
                        const provider_settings& to) {
  auto only = all;
  only.providers = {to};
  only.providers[0].timeout = call_patience;
  auto since = wall_clock_ms();
  noting_desk desk;
  auto made = make_embedder(only);
  if (!made)
    return judge_call("embedding call", to, made.error(), since, {});
  auto said = (*made)->embed_for_job("word", desk, nullptr);
  return judge_call("embedding call", to,
                    said ? status{ok} : status{said.error()}, since,
                    desk.learned);
}

template <class Settings, class Probe>
void check_list(const std::string& name, const Settings& cfg, bool probes,
                Probe probe, findings& out) {
  auto list = providers_of(cfg);
  if (!list) {
    out.push_back({name, health::fail, list.error().context, "correct it"});
    return;
  }
  for (const auto& x : *list) {
    if (x.kind == "local")
      continue;
    out.push_back(judge_listener(name, x));
    if (probes && out.back().level != health::fail)
      out.push_back(probe(cfg, x));
  }
}

} // namespace

findings check_providers(const settings& config, bool probes) {
  findings out;
  check_list("vision", config.vision, probes, probe_vision, out);
  check_list("embedding", config.embedding, probes, probe_embedding, out);
  return out;
}

findings check_known_providers(const settings& config) {
  provider_book book{config.redis, config.queue};
  auto known = book.providers();
  if (!known)
    return {}; // the check of Redis says why
  findings out;
  auto now = wall_clock_ms();
  for (const auto& x : *known) {
    if (x.resting_until > now)
      out.push_back({"provider", health::warn,
                     x.id + " (" + x.resource + ") rests until "
                       + local_time(x.resting_until) + ": " + x.words,
                     "once it is mended, `darkroom resume " + x.resource
                       + "` calls it at once"});
    else
      out.push_back(
        {"provider", health::ok,
         x.id + " (" + x.resource + ") "
           + (x.has_answered ? "has answered" : "is new")
           + (x.learned.empty() ? ""
                                : "; it wants to be asked so: " + x.learned),
         ""});
  }
  return out;
}

} // namespace darkroom
