# Run by `cmake --install`, after cmake/Install.cmake has set
#   program             the built darkroom, which describes itself
#   DARKROOM_MODELS     what deploy/fetch-models fetched
#   PROJECT_BINARY_DIR  where the manual page and completions are made
set(share "${CMAKE_INSTALL_PREFIX}/share")
set(made "${PROJECT_BINARY_DIR}/made")
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(zsh zsh/vendor-completions) # where Debian's zsh looks for packages'
else()
  set(zsh zsh/site-functions)
endif()

# Writes what the program prints to a file, and installs that in a folder.
function(make folder name)
  file(MAKE_DIRECTORY "${made}")
  execute_process(COMMAND "${program}" ${ARGN} OUTPUT_FILE "${made}/${name}"
    COMMAND_ERROR_IS_FATAL ANY)
  file(INSTALL "${made}/${name}" DESTINATION "${share}/${folder}")
endfunction()
make(man/man1 darkroom.1 man)
make(bash-completion/completions darkroom completion bash)
make(${zsh} _darkroom completion zsh)
make(fish/vendor_completions.d darkroom.fish completion fish)

if(NOT EXISTS "${DARKROOM_MODELS}/local-vision" OR NOT EXISTS "${DARKROOM_MODELS}/sentence-encoder")
  message(WARNING "There are no models in ${DARKROOM_MODELS}: what is installed describes and "
    "finds pictures less well. Run deploy/fetch-models, then install again.")
  return()
endif()
file(INSTALL "${DARKROOM_MODELS}/local-vision" "${DARKROOM_MODELS}/sentence-encoder"
  DESTINATION "${share}/darkroom/models" PATTERN libonnxruntime.so.1 EXCLUDE)
file(INSTALL "${DARKROOM_MODELS}/local-vision/libonnxruntime.so.1"
  DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/darkroom")
set(link "${share}/darkroom/models/local-vision/libonnxruntime.so.1")
file(REMOVE "$ENV{DESTDIR}${link}")
file(CREATE_LINK ../../../../lib/darkroom/libonnxruntime.so.1 "$ENV{DESTDIR}${link}" SYMBOLIC)
list(APPEND CMAKE_INSTALL_MANIFEST_FILES "${link}")
