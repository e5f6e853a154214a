# SPDX-License-Identifier: Apache-2.0
# Compiler habits and the three kinds of targets: a room of the engine, a plugin, a test.

add_library(sluice_habits INTERFACE)
target_compile_definitions(sluice_habits INTERFACE _GNU_SOURCE)
target_compile_options(sluice_habits INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual
  -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wno-format-nonliteral -Werror
  -fstack-protector-strong -fno-common)
target_link_options(sluice_habits INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)

set(SLUICE_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
if(SLUICE_SANITIZE)
  target_compile_options(sluice_habits INTERFACE -fsanitize=${SLUICE_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(sluice_habits INTERFACE -fsanitize=${SLUICE_SANITIZE})
else()
  target_compile_options(sluice_habits INTERFACE $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
option(SLUICE_COVERAGE "Build with gcov counters" OFF)
if(SLUICE_COVERAGE)
  target_compile_options(sluice_habits INTERFACE --coverage)
  target_link_options(sluice_habits INTERFACE --coverage)
endif()

# sluice_room(NAME [LIBRARIES…]): every .c file of this folder is one static library `sluice_NAME`.
function(sluice_room name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  add_library(sluice_${name} STATIC ${sources})
  target_include_directories(sluice_${name} PUBLIC ${PROJECT_SOURCE_DIR}/core ${PROJECT_SOURCE_DIR}/core/include
    PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(sluice_${name} PUBLIC ${ARGN} PRIVATE sluice_habits)
endfunction()

# sluice_plugin(NAME [LIBRARIES…]): every .c file of this folder is the plugin NAME.so. It exports its one
# symbol and links nothing of the engine but `base` and `formats`, which are pure.
function(sluice_plugin name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  add_library(plugin_${name} MODULE ${sources})
  set_target_properties(plugin_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${SLUICE_PLUGIN_DIR} LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/plugin.map)
  target_include_directories(plugin_${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/core
    ${PROJECT_SOURCE_DIR}/core/include ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(plugin_${name} PRIVATE sluice_habits ${ARGN})
  target_link_options(plugin_${name} PRIVATE -Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/plugin.map)
  if(NOT SLUICE_SANITIZE)
    target_link_options(plugin_${name} PRIVATE -Wl,-z,defs)
  endif()
endfunction()

# sluice_embed_sql(TARGET): the .sql files of this folder's sql/ and migrations/, embedded as sql.h.
function(sluice_embed_sql target)
  if(NOT TARGET embed_sql)
    add_executable(embed_sql ${PROJECT_SOURCE_DIR}/cmake/embed_sql.c)
  endif()
  file(GLOB sql CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sql/*.sql ${CMAKE_CURRENT_SOURCE_DIR}/migrations/*.sql)
  add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/sql.h
    COMMAND embed_sql ${CMAKE_CURRENT_BINARY_DIR}/sql.h ${sql} DEPENDS embed_sql ${sql} VERBATIM)
  target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/sql.h)
endfunction()

# sluice_embed_lua(TARGET): each file NAME.lua of this folder's lua/ as the text lua_NAME in lua.h.
function(sluice_embed_lua target)
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/lua/*.lua)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${scripts})
  set(header "/* Made from .lua files; edit those. */\n")
  foreach(script ${scripts})
    get_filename_component(name ${script} NAME_WE)
    file(READ ${script} text)
    string(REPLACE "\\" "\\\\" text "${text}")
    string(REPLACE "\"" "\\\"" text "${text}")
    string(REPLACE "\n" "\\n\"\n    \"" text "${text}")
    string(APPEND header "static const char lua_${name}[] =\n    \"${text}\";\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/lua.h CONTENT "${header}" @ONLY)
endfunction()
