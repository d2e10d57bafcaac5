"""Templates of our own, rendered by transformers' environment of jinja2, and refusals: chat-templates.json.

Ran with transformers 5.18, jinja2 3.1.6. Public templates can be compared as well: name their files as arguments, and where the result goes
first (it is not to be committed).
"""

import datetime
import json
import pathlib
import sys

import transformers.utils.chat_template_utils as utils

OUT = pathlib.Path(__file__).parent.parent / "resources/dev/jumbo/text/jinja/chat-templates.json"


class Fixed(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 3, 7, 9, 5, 3)


utils.datetime = Fixed

TEMPLATES = {
    # Marks around each role, white space by its signs.
    "marks": """{%- for message in messages %}
    {%- if loop.first and message['role'] != 'system' %}
        {{- '[sys]default[/sys]\\n' }}
    {%- endif %}
    {{- '[' + message.role + ']' + message['content'] | trim + '[/' ~ message.role ~ ']' }}
{% endfor %}
{% if add_generation_prompt %}
    {{- '[assistant]' }}
{%- endif %}
""",
    # Lines and indentation that trim_blocks and lstrip_blocks take away or leave.
    "lines": """  {# a comment #}
{% if messages | length > 1 %}
  many
    {% else +%}
  one
  {%+ endif %}
x {% if true %}y{% endif %}

{{ bos_token }}
{% raw %}  {{ not.this }} {% endraw %}
{%- raw -%} {% nor this %} {%- endraw %} end
{{- "\\n" }}{{ eos_token }}
""",
    # A namespace, a macro, slices and arithmetic.
    "namespace": """{% macro wrap(text, mark='*', n=1) -%}
{{ mark * n }}{{ text }}{{ mark * n }}{% endmacro %}
{% set ns = namespace(system='', turns=0, last=-1) %}
{% if messages and messages[0].role == 'system' %}
{% set ns.system = messages[0].content %}{% set rest = messages[1:] %}
{% else %}{% set rest = messages %}{% endif %}
{% for m in rest[::-1] %}{% if m.role == 'user' and ns.last < 0 %}{% set ns.last = rest | length - 1 - loop.index0 %}{% endif %}{% endfor %}
{% for m in rest if m.role in ['user', 'assistant'] %}
{% set ns.turns = ns.turns + 1 %}
{{ wrap(m.content, n=2) if loop.index0 == ns.last else wrap(mark='-', text=m.content) }}|{{ loop.index }}/{{ loop.length }}/{{ loop.revindex0 }}{{ ',' if not loop.last }}
{% else %}nobody{% endfor %}
turns {{ ns.turns }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 10 }} {{ 1e3 }} {{ 1.5e-7 }} {{ 10 ** 3 * 1.0 }} {{ ns.system[:3] }} {{ ns.system[-2:] }} {{ ns.system[::2] }}""",
    # Tools as JSON and calls of them.
    "tools": """{% if tools is defined and tools is not none and tools | length > 0 %}Tools:
{% for tool in tools %}{{ tool | tojson }}
{{ tool.function | tojson(indent=2) }}
{{ tool['function']['parameters'].properties | dictsort | tojson(separators=(',', ':')) }}
{% for name, spec in tool.function.parameters.properties.items() %}{{ name }}: {{ spec.type }}{{ '?' if name not in tool.function.parameters.required }}{{ ' one of ' + spec.enum | join('/') if spec.enum is defined }}
{% endfor %}{% endfor %}{% endif %}
{% for m in messages %}{% if m.tool_calls %}{% for call in m.tool_calls %}{% set f = call.function if call.function is defined else call %}<{{ f.name }}>{{ f.arguments if f.arguments is string else f.arguments | tojson(sort_keys=true) }}</{{ f.name }}>{{ f.arguments }}{% endfor %}{% elif m.content is string %}{{ m.content }}{% elif m.content is iterable and m.content is not mapping %}{% for part in m.content | selectattr('type', 'equalto', 'text') %}{{ part.text }}{% endfor %}{% else %}nothing{{ m.content }}{% endif %}
{% endfor %}""",
    # Methods of texts.
    "texts": """{% for m in messages %}{% if m.content is string %}{% set c = m.content %}
{{ c.strip() }}|{{ c.upper() }}|{{ c | title }}|{{ c.title() }}|{{ c | capitalize }}|{{ c.split() }}|{{ c.split('a', 1) }}|{{ c.replace('a', 'AA') }}|{{ c | length }}|{{ c.startswith('H') }}|{{ c.find('e') }}|{{ c[1] }}|{{ c[-1:] }}|{{ c | first }}|{{ c | last }}|{{ c | reverse }}|{{ c.rstrip('! \\n').lstrip() }}|{{ c | replace('\\n', '<br>') | indent(3) }}|{{ '%s and %d%%' % (c, 3) }}|{{ c.partition(' ') }}|{{ c | list | tojson }}|{{ c | e }}|{{ c in 'Hello' }}|{{ c is lower }}
{% endif %}{% endfor %}{{ [1, 2.0, 'x', none, true, [3], {'k': (1,)}] }} {{ {'a': 1}.get('b') }} {{ {'a': 1}.get('b', 'c') }} {{ 'a' 'b' }} {{ "q'" }} {{ ['q\\'"'] }} {{ [3, 1, 2] | sort | join(', ') }} {{ ['b', 'A'] | sort }} {{ [1, 1, 2] | unique | list }} {{ [1, 2] | sum }} {{ [1, 5, 2] | max }} {{ '42' | int + 1 }} {{ 'x' | int(7) }} {{ '2.5' | float }} {{ 2.567 | round(2) }} {{ range(3) | list }} {{ range(5, 0, -2) | list }} {{ missing | default('d') }} {{ '' | default('e', true) }} {{ [{'n': 'x'}, {'n': 'y'}] | map(attribute='n') | join('+') }} {{ [0, 1, ''] | select | list }} {{ ['a', 'b'] | map('upper') | list }} {{ 1 if false }}{{ not true or 1 == 1.0 }} {{ 1 < 2 < 3 }} {{ 'x' ~ 1 ~ none }} {{ strftime_now('%d %b %Y, %A %H:%M') }} {{ [1,2,3][1:] + [4] }} {{ 3 is odd }} {{ 4 is divisibleby 2 }} {{ 5 is not none }} {{ (1, 2) }} {{ () }} {{ [] }} {{ messages | length is number }}""",
    # Blocks: set, filter, call, break, continue, and what the assistant says.
    "blocks": """{% set head %}
  Head of {{ messages | length }}
{% endset %}
{{ head | trim }}
{% filter upper %}loud {{ bos_token }}{% endfilter %}
{% macro box(title) %}<{{ title }}>{{ caller('in') }}</{{ title }}>{% endmacro %}
{% call(where) box('b') %}inside {{ where }}{% endcall %}
{% for m in messages %}
{% if m.role == 'system' %}{% continue %}{% endif %}
{% if loop.index > 4 %}{% break %}{% endif %}
{% if m.role == 'assistant' %}
A: {% generation %}{{ m.content }}{{ eos_token }}{% endgeneration %}

{% else %}
{{ m.role[0] | upper }}: {{ m.content }}
{% endif %}
{% endfor %}
{% if add_generation_prompt %}A: {% endif %}""",
    # Refusals.
    "strict": """{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate: ' + m.role) }}{% endif %}{{ m.content + '\\n' }}{% endfor %}""",
    "undefined": """{{ messages[0].nowhere }}|{{ nothing }}|{{ messages[99] }}|{% for x in nothing %}{% endfor %}{{ nothing is defined }}{{ messages[99].role }}""",
}


def user(content):
    return {"role": "user", "content": content}


def assistant(content, **more):
    return {"role": "assistant", "content": content, **more}


def system(content):
    return {"role": "system", "content": content}


TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "weather",
            "description": 'Says <the> "weather" & more',
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "A city, such as Z\u00fcrich"},
                    "days": {"type": "integer", "default": 3, "most": 1.5e21, "least": 1e-7},
                    "units": {"type": "string", "enum": ["c", "f"]},
                },
                "required": ["city"],
            },
        },
    }
]
CALL = [{"function": {"name": "weather", "arguments": {"days": 2, "city": "K\u00f6ln", "ok": True, "none": None}}}]

CHATS = [
    {"messages": [user("Hello")]},
    {"messages": [user("Hello"), assistant("Hi there!")]},
    {"messages": [system("Be brief.\n"), user("  What is 1+1?\n"), assistant(" 2 \n"), user("and a \U0001f984?\u00e4"), assistant("b")]},
    {"messages": [assistant("starts"), user("wrong")]},
    {"messages": []},
    {"messages": [user("q"), assistant(None, tool_calls=CALL), {"role": "tool", "content": '{"t": 3}'}], "tools": TOOLS},
    {"messages": [user([{"type": "text", "text": "part"}, {"type": "image"}]), assistant("<|im_end|> {{ 7*7 }} {% x %}")]},
]


def cases(template):
    made = []
    for chat in CHATS:
        for prompt in (False, True):
            values = {"tools": None, "documents": None, "bos_token": "<s>", "eos_token": "</s>", **chat}
            values["add_generation_prompt"] = prompt
            try:
                case = {"text": utils._cached_compile_jinja_template(template).render(**values)}
            except Exception:  # whatever it is: it is refused
                case = {"refused": True}
            if "generation %}" in template and "text" in case:
                kept = {k: values[k] for k in ("bos_token", "eos_token")}
                texts, spans = utils.render_jinja_template(
                    [values["messages"]], chat_template=template, return_assistant_tokens_mask=True,
                    add_generation_prompt=prompt, **kept)
                assert texts[0] == case["text"]
                case["generated"] = [texts[0][a:b] for a, b in spans[0]]
            made.append({"values": values, **case})
    return made


def main():
    out, templates = OUT, TEMPLATES
    if len(sys.argv) > 1:
        out = pathlib.Path(sys.argv[1])
        templates = {pathlib.Path(f).name: pathlib.Path(f).read_text() for f in sys.argv[2:]}
    made = [{"name": name, "template": text, "cases": cases(text)} for name, text in templates.items()]
    out.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    print(out, out.stat().st_size, [(t["name"], sum("text" in c for c in t["cases"])) for t in made])


main()
