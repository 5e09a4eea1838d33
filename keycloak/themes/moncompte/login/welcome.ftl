<#-- S1: the agency is known; what does the visitor have? -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("welcomeTitle")}
<#elseif section == "form">
<p>${msg("welcomeIntro")}</p>
<ul class="choices">
  <@choice href=screen.links.login label=msg("welcomeLogin") hint=msg("welcomeLoginHint")/>
  <@choice href=screen.links.provisional label=msg("welcomeProvisional") hint=msg("welcomeProvisionalHint")/>
  <@choice href=(screen.links.merge)!"" label=msg("welcomeMerge") hint=msg("welcomeMergeHint")/>
</ul>
<@parts.question text=msg("welcomeOther") link=msg("welcomeOtherLink") href=(screen.links.codes)!""/>
</#if>
</@layout.registrationLayout>

<#macro choice href label hint>
<#if href?has_content>
  <li><@parts.linkButton href=href label=label/><p class="hint">${hint}</p></li>
</#if>
</#macro>
