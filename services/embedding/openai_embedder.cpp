#include "services/embedding/openai_embedder.hpp"

#include "config/words.hpp"
#include "services/embedding/embedding_answer.hpp"
#include "services/embedding/embedding_question.hpp"
#include "services/provider/ask_provider.hpp"

#include <utility>

namespace darkroom {

openai_embedder::openai_embedder(provider_list providers,
                                 std::unique_ptr<text_embedder> local)
  : providers_(std::move(providers)),
    preferred_{providers_.front()},
    local_(std::move(local)) {}

const std::string& openai_embedder::model() const {
  return preferred_.front().kind == "local" ? local_->model()
                                            : preferred_.front().model;
}

uint32_t openai_embedder::dimensions() const {
  return preferred_.front().kind == "local" ? local_->dimensions()
                                            : preferred_.front().dimensions;
}

result<embedded_text>
openai_embedder::embed_for_job(const std::string& text, provider_desk& desk,
                               const std::atomic<bool>* cancel) {
  return ask(providers_, text, desk, cancel);
}

result<embedded_text>
openai_embedder::embed_for_search(const std::string& text, provider_desk& desk,
                                  const std::atomic<bool>* cancel) {
  return ask(preferred_, text, desk, cancel);
}

result<embedded_text>
openai_embedder::ask(const provider_list& providers, const std::string& text,
                     provider_desk& desk, const std::atomic<bool>* cancel) {
  if (trimmed(text).empty())
    return fail(ec::bad_input, "there is no word to embed");
  embedding_question question(text);
  auto answer = ask_provider(question, {providers, client_, desk, cancel});
  if (!answer)
    return std::move(answer.error());
  if (answer->text.empty()) {
    auto out = local_->embed_for_job(text, desk, cancel);
    if (out)
      out->use.provider = answer->use.provider;
    return out;
  }
  return embedded_text{unpack_vector(answer->text), std::move(answer->use)};
}

} // namespace darkroom
