# SPDX-License-Identifier: Apache-2.0
#
# Every folder of core/ and engine/ is a room: one library, whose headers other rooms see only when they name it as a dependency.
# A room's headers are included as <plimsoll/ROOM/header.h>; the include folder of each room holds nothing but a link to that room, so
# an include of a room that was not named does not compile.

add_library(plimsoll_options INTERFACE)
target_compile_options(plimsoll_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers>)
if(PLIMSOLL_SANITIZE)
  target_compile_options(plimsoll_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${PLIMSOLL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all>)
  target_link_options(plimsoll_options INTERFACE -fsanitize=${PLIMSOLL_SANITIZE})
  if(PLIMSOLL_SANITIZE MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_definitions(plimsoll_options INTERFACE __SANITIZE_ADDRESS__)   # as g++ tells the source
  endif()
endif()

# plimsoll_room(TARGET INCLUDE_PATH [DEPENDS target...] [PRIVATE target...])
# INCLUDE_PATH is what follows "plimsoll/" in an include: "gguf", "engine/cpu".
function(plimsoll_room target include_path)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PRIVATE" ${ARGN})
  set(include_dir ${CMAKE_BINARY_DIR}/rooms/${target})
  get_filename_component(parent ${include_dir}/plimsoll/${include_path} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include_dir}/plimsoll/${include_path} SYMBOLIC)

  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${include_dir})
    target_link_libraries(${target} PUBLIC ${ARG_DEPENDS} PRIVATE plimsoll_options ${ARG_PRIVATE})
    if(PLIMSOLL_FUZZ)
      target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link>)
    endif()
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${include_dir})
    target_link_libraries(${target} INTERFACE ${ARG_DEPENDS})
  endif()
endfunction()
